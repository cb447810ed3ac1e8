import { FlaskConical, WifiOff, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Channel } from '../page-api.ts';
import { AppHome } from './channel/app-home.tsx';
import { ChannelView } from './channel/channel-view.tsx';
import { ThreadPanel } from './channel/thread-panel.tsx';
import { FaultBar } from './faults/fault-bar.tsx';
import { FaultsPage } from './faults/faults-page.tsx';
import { Modals } from './modals/modal.tsx';
import { Sidebar } from './sidebar/sidebar.tsx';
import { useChannels, useView, useWorkspace } from './store/hooks.ts';

// A message of the page itself goes away after this time.
const toastMs = 5_000;

/** The whole page. */
export function App() {
  const phase = useView((state) => state.phase);
  const workspace = useWorkspace();
  if (phase === 'loading') return <p className="whole-page">Opening the workspace…</p>;
  if (phase === 'failed') {
    return (
      <div className="whole-page" role="alert">
        <WifiOff size={28} aria-hidden />
        <p>The workspace cannot be reached.</p>
        <button type="button" className="button button-primary" onClick={() => void workspace.actAs(null)}>
          Try again
        </button>
      </div>
    );
  }
  return <Ready />;
}

function Ready() {
  const route = useView((state) => state.route);
  const me = useView((state) => state.me);
  const channels = useChannels();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const channel = route.page === 'channel' ? channels.find((one) => one.id === route.channel) : undefined;
  const threadTs = route.page === 'channel' ? route.threadTs : null;
  const focus = route.page === 'channel' ? route.focus : null;
  useTitle(channel);
  // Going somewhere closes the menu on a phone.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is what matters, not its use in here
  useEffect(() => setMenuOpen(false), [route]);
  return (
    <div className="frame">
      <Bars />
      <div className={threadTs !== null && channel ? 'columns has-thread' : 'columns'}>
        <Sidebar isOpen={isMenuOpen} />
        {isMenuOpen ? (
          <button
            type="button"
            className="scrim only-narrow"
            aria-label="Close menu"
            onClick={() => setMenuOpen(false)}
          />
        ) : null}
        <main className="main">
          <Main channel={channel} onMenu={() => setMenuOpen(true)} />
        </main>
        {channel && threadTs !== null ? (
          <ThreadPanel key={threadTs} channel={channel} threadTs={threadTs} focus={focus} />
        ) : null}
      </div>
      <Modals key={me} />
      <Toast />
    </div>
  );
}

/** What the address names. */
function Main({ channel, onMenu }: { channel: Channel | undefined; onMenu: () => void }) {
  const route = useView((state) => state.route);
  const me = useView((state) => state.me);
  switch (route.page) {
    case 'channel':
      return channel ? (
        <ChannelView channel={channel} focus={route.threadTs} onMenu={onMenu} />
      ) : (
        <NoChannel />
      );
    case 'app':
      return <AppHome key={me} onMenu={onMenu} />;
    case 'faults':
      return <FaultsPage tab={route.tab} onMenu={onMenu} />;
    case 'start':
      return null;
  }
}

function useTitle(channel: Channel | undefined): void {
  const page = useView((state) => state.route.page);
  const team = useView((state) => state.workspace?.team.name);
  const elsewhere = page === 'faults' ? 'Faults' : 'Home';
  const where = channel ? `${channel.kind === 'channel' ? '#' : ''}${channel.name}` : elsewhere;
  useEffect(() => {
    document.title = `${where} · ${team ?? 'Workspace'}`;
  }, [where, team]);
}

function NoChannel() {
  return (
    <div className="whole-page">
      <p>There is no such conversation, or you are not in it.</p>
      <a className="button" href="#/">
        Go to the first channel
      </a>
    </div>
  );
}

function Bars() {
  const notice = useView((state) => state.workspace?.notice ?? null);
  const isOffline = useView((state) => state.link === 'offline');
  const [isHidden, setHidden] = useState(false);
  return (
    <>
      {isOffline ? (
        <p className="bar bar-offline" role="status">
          <WifiOff size={14} aria-hidden /> Offline. Reconnecting…
        </p>
      ) : null}
      <FaultBar />
      {notice !== null && !isHidden ? (
        <div className="bar bar-notice" role="note">
          <FlaskConical size={14} aria-hidden />
          <span>{notice}</span>
          <button
            type="button"
            className="icon-button"
            aria-label="Hide this note"
            onClick={() => setHidden(true)}
          >
            <X size={14} />
          </button>
        </div>
      ) : null}
    </>
  );
}

function Toast() {
  const { dismissToast } = useWorkspace();
  const toast = useView((state) => state.toast);
  useEffect(() => {
    if (toast === null) return;
    const timer = setTimeout(dismissToast, toastMs);
    return () => clearTimeout(timer);
  }, [toast, dismissToast]);
  return (
    <div className="toast-place" role="status">
      {toast === null ? null : <p className="toast">{toast}</p>}
    </div>
  );
}
