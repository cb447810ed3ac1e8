import { Bug, ListTree, Menu as MenuIcon, TriangleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useView, useWorkspace } from '../store/hooks.ts';
import { ActiveFaults } from './active-faults.tsx';
import { CallFaultForm } from './call-fault-form.tsx';
import { CallHistory } from './call-history.tsx';
import { EventFaultForm } from './event-fault-form.tsx';
import { countFaults } from './fault-words.ts';
import { Sockets, Switches } from './switches.tsx';

/** What this Slack does wrong on purpose, and how the app takes it. */
export function FaultsPage({ tab, onMenu }: { tab: 'faults' | 'calls'; onMenu: () => void }) {
  const { orderFault } = useWorkspace();
  const count = useView((state) => (state.workspace ? countFaults(state.workspace.faults) : 0));
  const app = useView((state) => state.workspace?.app.name ?? 'the app');
  return (
    <section className="pane faults" aria-label="Faults">
      <header className="pane-head">
        <button type="button" className="icon-button only-narrow" aria-label="Open menu" onClick={onMenu}>
          <MenuIcon size={20} />
        </button>
        <div className="pane-title">
          <h1>
            <Bug size={17} aria-hidden /> Faults
          </h1>
          <p className="topic">Make this Slack misbehave, and see how {app} takes it</p>
        </div>
        <button
          type="button"
          className="button button-small"
          disabled={count === 0}
          onClick={() => void orderFault({ clear: true }, 'Nothing is set to go wrong any more.')}
        >
          Clear all
        </button>
      </header>
      <nav className="tabs only-narrow" aria-label="Faults and calls">
        <a href="#/faults" aria-current={tab === 'faults' ? 'page' : undefined}>
          <TriangleAlert size={15} aria-hidden /> Faults
        </a>
        <a href="#/faults/calls" aria-current={tab === 'calls' ? 'page' : undefined}>
          <ListTree size={15} aria-hidden /> Calls
        </a>
      </nav>
      <div className={`faults-columns shows-${tab}`}>
        <div className="faults-side">
          <Part title="Set to go wrong">
            <ActiveFaults />
          </Part>
          <Part title="Slack as a whole">
            <Switches />
          </Part>
          <Part title="The next Web API calls">
            <CallFaultForm />
          </Part>
          <Part title="The next events">
            <EventFaultForm />
          </Part>
          <Part title="Sockets">
            <Sockets />
          </Part>
        </div>
        <div className="faults-calls">
          <Part title="What the app asked of Slack">
            <CallHistory />
          </Part>
        </div>
      </div>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="fault-part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
