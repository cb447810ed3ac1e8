import { Menu as MenuIcon, Users } from 'lucide-react';
import type { Channel, Person } from '../../page-api.ts';
import { Composer } from '../composer/composer.tsx';
import { usePeople, useView } from '../store/hooks.ts';
import { emptyTimeline, placeOf } from '../store/state.ts';
import { MrkdwnInline } from '../text/mrkdwn-view.tsx';
import { MessageList } from '../timeline/message-list.tsx';
import { Avatar } from '../widgets/avatar.tsx';
import { AppTabs } from './app-tabs.tsx';
import { ChannelIcon } from './channel-icon.tsx';
import { ChannelMenu } from './channel-menu.tsx';
import { partnerOf } from './partner.ts';
import { StatusLine } from './status-line.tsx';

/** A channel or direct conversation: its head, its messages and where one writes. */
export function ChannelView(props: { channel: Channel; focus: string | null; onMenu: () => void }) {
  const { channel, focus } = props;
  const place = placeOf(channel.id);
  const timeline = useView((state) => state.timelines[place]) ?? emptyTimeline;
  const people = usePeople();
  const me = useView((state) => state.me);
  const bot = useView((state) => state.workspace?.app.botUserId);
  const partner = partnerOf(channel, people, me);
  const name = partner ? `Message ${partner.realName}` : `Message #${channel.name}`;
  return (
    <section className="pane channel" aria-label={partner ? partner.realName : `#${channel.name}`}>
      <ChannelHead {...props} partner={partner} />
      {partner && partner.id === bot ? <AppTabs here="messages" /> : null}
      <MessageList
        key={place}
        place={place}
        label="Messages"
        channel={channel.id}
        threadTs={null}
        timeline={timeline}
        focus={focus}
        openThread={focus}
        head={
          <Welcome
            channel={channel}
            partner={partner}
            isEmpty={timeline.status === 'ready' && timeline.messages.length === 0}
          />
        }
      />
      <footer className="pane-foot">
        <Composer
          key={`${me} ${place}`}
          channel={channel.id}
          threadTs={null}
          name={name}
          isArchived={channel.isArchived}
        />
        <StatusLine place={place} />
      </footer>
    </section>
  );
}

function ChannelHead({
  channel,
  partner,
  onMenu,
}: {
  channel: Channel;
  partner: Person | undefined;
  onMenu: () => void;
}) {
  return (
    <header className="pane-head">
      <button type="button" className="icon-button only-narrow" aria-label="Open menu" onClick={onMenu}>
        <MenuIcon size={20} />
      </button>
      <div className="pane-title">
        <h1>
          {partner ? <Avatar person={partner} size="small" /> : <ChannelIcon channel={channel} size={17} />}
          {partner ? partner.realName : channel.name}
          {channel.isArchived ? <span className="badge">Archived</span> : null}
        </h1>
        <p className="topic">{partner ? partner.title : <MrkdwnInline text={channel.topic} />}</p>
      </div>
      {partner ? null : <Members channel={channel} />}
      {partner ? null : <ChannelMenu channel={channel} />}
    </header>
  );
}

function Members({ channel }: { channel: Channel }) {
  const people = usePeople();
  const names = channel.members.map((id) => people.find((person) => person.id === id)?.realName ?? id);
  return (
    <span className="members" title={names.join('\n')}>
      <Users size={15} aria-hidden /> {channel.members.length}
      <span className="sr-only"> members: {names.join(', ')}</span>
    </span>
  );
}

function Welcome({
  channel,
  partner,
  isEmpty,
}: {
  channel: Channel;
  partner: Person | undefined;
  isEmpty: boolean;
}) {
  const app = useView((state) => state.workspace?.app);
  const isWithApp = channel.members.includes(app?.botUserId ?? '');
  return (
    <div className="welcome">
      <span className="welcome-sign">
        {partner ? <Avatar person={partner} size="large" /> : <ChannelIcon channel={channel} size={26} />}
      </span>
      <h2>{partner ? partner.realName : `#${channel.name}`}</h2>
      <p>
        {partner
          ? `This is the start of your conversation with ${partner.realName}.`
          : `This is the start of #${channel.name}.`}
      </p>
      {isEmpty && isWithApp && !partner ? (
        <p className="welcome-tip">
          Try: <code>@{app?.name.toLowerCase()} fix the failing test</code>
        </p>
      ) : null}
    </div>
  );
}
