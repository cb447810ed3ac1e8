import { Bug, Plus, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AppStatus, Channel, Person } from '../../page-api.ts';
import { ChannelIcon } from '../channel/channel-icon.tsx';
import { NewChannel } from '../channel/new-channel.tsx';
import { partnerOf } from '../channel/partner.ts';
import { countFaults } from '../faults/fault-words.ts';
import { useChannels, usePeople, useView, useWorkspace } from '../store/hooks.ts';
import { hashOf } from '../store/route.ts';
import { Avatar } from '../widgets/avatar.tsx';
import { Menu, MenuItem, MenuLabel } from '../widgets/menu.tsx';
import { ActingAs } from './acting-as.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

/** Where one can go, and as whom. */
export function Sidebar({ isOpen }: { isOpen: boolean }) {
  const team = useView((state) => state.workspace?.team);
  return (
    <aside className={isOpen ? 'sidebar is-open' : 'sidebar'} aria-label="Workspace">
      <header className="sidebar-head">
        <span className="team-sign" aria-hidden>
          {team?.name.charAt(0)}
        </span>
        <strong className="team-name">{team?.name}</strong>
        <ThemeSwitch />
      </header>
      <nav className="sidebar-nav" aria-label="Conversations">
        <ChannelLinks />
        <DirectLinks />
        <AppLinks />
        <BackstageLinks />
      </nav>
      <ActingAs />
    </aside>
  );
}

function ChannelLinks() {
  const channels = useChannels().filter((channel) => channel.kind === 'channel');
  return (
    <SidebarGroup title="Channels" action={<NewChannel />}>
      {channels.map((channel) => (
        <ChannelLink key={channel.id} channel={channel} icon={<ChannelIcon channel={channel} size={15} />}>
          {channel.name}
        </ChannelLink>
      ))}
    </SidebarGroup>
  );
}

function ChannelLink({
  channel,
  icon,
  children,
}: {
  channel: Channel;
  icon: ReactNode;
  children: ReactNode;
}) {
  const unread = useView((state) => state.unread[channel.id]) ?? 0;
  const isHere = useView((state) => state.route.page === 'channel' && state.route.channel === channel.id);
  return (
    <li>
      <a
        href={hashOf({ channel: channel.id })}
        className={unread > 0 ? 'sidebar-link has-unread' : 'sidebar-link'}
        aria-current={isHere ? 'page' : undefined}
      >
        {icon}
        <span className="sidebar-name">{children}</span>
        <UnreadCount count={unread} />
      </a>
    </li>
  );
}

function DirectLinks() {
  const { openDm } = useWorkspace();
  const people = usePeople();
  const me = useView((state) => state.me);
  const bot = useView((state) => state.workspace?.app.botUserId);
  const direct = useChannels().flatMap((channel) => {
    const partner = partnerOf(channel, people, me);
    return partner && partner.id !== bot && channel.members.includes(me) ? [{ channel, partner }] : [];
  });
  const others = people.filter(
    (one) => one.id !== me && !one.isBot && !direct.some(({ partner }) => partner.id === one.id),
  );
  return (
    <SidebarGroup
      title="Direct messages"
      action={<NewDirect people={others} onOpen={(id) => void openDm(id)} />}
    >
      {direct.map(({ channel, partner }) => (
        <ChannelLink key={channel.id} channel={channel} icon={<Avatar person={partner} size="small" />}>
          {partner.realName}
        </ChannelLink>
      ))}
    </SidebarGroup>
  );
}

function NewDirect({ people, onOpen }: { people: readonly Person[]; onOpen: (id: string) => void }) {
  if (people.length === 0) return null;
  const trigger = (
    <button type="button" className="icon-button" aria-label="New direct message" title="New direct message">
      <Plus size={15} />
    </button>
  );
  return (
    <Menu trigger={trigger}>
      {people.map((person) => (
        <MenuItem
          key={person.id}
          icon={<Avatar person={person} size="small" />}
          onSelect={() => onOpen(person.id)}
        >
          {person.realName}
        </MenuItem>
      ))}
    </Menu>
  );
}

function AppLinks() {
  const { shortcut } = useWorkspace();
  const app = useView((state) => state.workspace?.app);
  if (!app) return null;
  return (
    <SidebarGroup
      title="Apps"
      action={<Shortcuts items={app.globalShortcuts} onRun={(id) => void shortcut(id)} />}
    >
      <AppLink app={app} />
    </SidebarGroup>
  );
}

/** Leads to the app's Home, or to its messages while there are new ones. */
function AppLink({ app }: { app: AppStatus }) {
  const bot = usePeople().find((person) => person.id === app.botUserId);
  const me = useView((state) => state.me);
  const direct = useChannels().find(
    (one) => one.kind === 'dm' && one.members.includes(app.botUserId) && one.members.includes(me),
  );
  const route = useView((state) => state.route);
  const unread = useView((state) => state.unread[direct?.id ?? '']) ?? 0;
  const isHere = route.page === 'app' || (route.page === 'channel' && route.channel === direct?.id);
  const state = app.sockets > 0 ? 'connected' : 'not connected';
  return (
    <li>
      <a
        className={unread > 0 ? 'sidebar-link has-unread' : 'sidebar-link'}
        href={unread > 0 ? '#/app/messages' : '#/app/home'}
        aria-current={isHere ? 'page' : undefined}
        title={`${app.name} is ${state}`}
      >
        <Avatar person={bot} size="small" />
        <span className="sidebar-name">{app.name}</span>
        <UnreadCount count={unread} />
        <span className={app.sockets > 0 ? 'dot dot-on' : 'dot'} role="img" aria-label={state} />
      </a>
    </li>
  );
}

/** What the real Slack has not: making it misbehave. */
function BackstageLinks() {
  const isHere = useView((state) => state.route.page === 'faults');
  const count = useView((state) => (state.workspace ? countFaults(state.workspace.faults) : 0));
  return (
    <SidebarGroup title="Backstage">
      <li>
        <a
          className="sidebar-link"
          href="#/faults"
          aria-current={isHere ? 'page' : undefined}
          title="Make this Slack misbehave"
        >
          <Bug size={15} aria-hidden />
          <span className="sidebar-name">Faults</span>
          {count > 0 ? (
            <span className="fault-sign">
              {count}
              <span className="sr-only"> set to go wrong</span>
            </span>
          ) : null}
        </a>
      </li>
    </SidebarGroup>
  );
}

function UnreadCount({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span className="unread">
      {count}
      <span className="sr-only"> unread</span>
    </span>
  );
}

function Shortcuts({
  items,
  onRun,
}: {
  items: readonly { callbackId: string; name: string }[];
  onRun: (id: string) => void;
}) {
  if (items.length === 0) return null;
  const trigger = (
    <button type="button" className="icon-button" aria-label="Shortcuts" title="Shortcuts">
      <Zap size={14} />
    </button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuLabel>Shortcuts</MenuLabel>
      {items.map(({ callbackId, name }) => (
        <MenuItem key={callbackId} onSelect={() => onRun(callbackId)}>
          {name}
        </MenuItem>
      ))}
    </Menu>
  );
}

function SidebarGroup({
  title,
  action,
  children,
}: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="sidebar-group">
      <header>
        <h2>{title}</h2>
        {action}
      </header>
      <ul>{children}</ul>
    </section>
  );
}
