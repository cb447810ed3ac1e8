import { HeldPanels } from '../components/held-panel.tsx';
import { ReplyBox } from '../components/reply-box.tsx';
import layout from '../components/session-layout.module.css';
import { SidePanel } from '../components/side-panel.tsx';
import { WorkBar } from '../components/stop-control.tsx';
import { Timeline } from '../components/timeline.tsx';
import { useSessionLog } from '../session/outlet.ts';

export default function SessionTimeline() {
  const log = useSessionLog();
  return (
    <div className={layout['columns']}>
      <div className={layout['main']}>
        <Timeline log={log} />
        <WorkBar view={log.view} />
        <HeldPanels view={log.view} />
        <ReplyBox view={log.view} />
      </div>
      <aside className={layout['side']}>
        <SidePanel view={log.view} />
      </aside>
    </div>
  );
}
