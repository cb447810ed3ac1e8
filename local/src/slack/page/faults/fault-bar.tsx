import { TriangleAlert } from 'lucide-react';
import { useView, useWorkspace } from '../store/hooks.ts';
import { summaryOf } from './fault-words.ts';

/** Says over everything that Slack misbehaves on purpose, so that nobody wonders why. */
export function FaultBar() {
  const { orderFault } = useWorkspace();
  const summary = useView((state) => (state.workspace ? summaryOf(state.workspace.faults) : ''));
  const isHere = useView((state) => state.route.page === 'faults');
  if (summary === '' || isHere) return null;
  return (
    <div className="bar bar-fault" role="status">
      <TriangleAlert size={14} aria-hidden />
      <span>This Slack misbehaves on purpose: {summary}.</span>
      <a href="#/faults">Show</a>
      <button type="button" className="link-button" onClick={() => void orderFault({ clear: true })}>
        Clear all
      </button>
    </div>
  );
}
