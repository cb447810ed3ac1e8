import type { AnyBlock, View } from '@slack/types';
import { Menu as MenuIcon } from 'lucide-react';
import { Blocks, SurfaceWarning } from '../blocks/blocks.tsx';
import { SurfaceContext, useNewSurface } from '../blocks/surface.ts';
import { useView } from '../store/hooks.ts';
import { Avatar } from '../widgets/avatar.tsx';
import { AppTabs } from './app-tabs.tsx';

/** The app's own page: what it published for this person. */
export function AppHome({ onMenu }: { onMenu: () => void }) {
  const home = useView((state) => state.home);
  const app = useView((state) => state.workspace?.app);
  const person = useView((state) => state.workspace?.people.find((one) => one.id === app?.botUserId));
  return (
    <section className="pane app-home" aria-label={`${app?.name ?? 'App'} home`}>
      <header className="pane-head">
        <button type="button" className="icon-button only-narrow" aria-label="Open menu" onClick={onMenu}>
          <MenuIcon size={20} />
        </button>
        <div className="pane-title">
          <h1>
            <Avatar person={person} size="small" /> {app?.name}
          </h1>
          <p className="topic">{person?.title}</p>
        </div>
      </header>
      <AppTabs here="home" />
      <div className="app-home-body">
        {home === undefined ? <p className="loading-line">Loading…</p> : null}
        {home === null ? (
          <p className="empty">
            {app && app.sockets > 0
              ? `${app.name} has not published its Home yet.`
              : 'The app is not connected, so it has no Home yet.'}
          </p>
        ) : null}
        {home ? <HomeView view={home} /> : null}
      </div>
    </section>
  );
}

function HomeView({ view }: { view: View }) {
  const blocks: readonly AnyBlock[] = view.blocks;
  // The published view carries an id when the server gives it one; the Home is the only view without a modal.
  const id = 'id' in view && typeof view.id === 'string' ? view.id : 'home';
  const surface = useNewSurface({ kind: 'home', container: { viewId: id }, blocks });
  return (
    <SurfaceContext.Provider value={surface}>
      <Blocks blocks={blocks} />
      <SurfaceWarning />
    </SurfaceContext.Provider>
  );
}
