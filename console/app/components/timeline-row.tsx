import type { SessionView } from '../session/view.ts';
import type { TimelineItem } from '../timeline/items.ts';
import { ArtifactRow } from './artifact-row.tsx';
import { OutcomeRow } from './outcome-row.tsx';
import {
  CheckRow,
  NoteRow,
  PlanRow,
  PullRequestRow,
  RunRow,
  SaidRow,
  StepsRow,
  ThoughtRow,
  WaitedRow,
} from './plain-rows.tsx';
import { ApprovalRow, QuestionRow } from './question-row.tsx';
import { ToolRow } from './tool-row.tsx';
import { TurnRow } from './turn-row.tsx';

export type TimelineRowProps = {
  readonly item: TimelineItem;
  readonly view: SessionView;
  /** What a command prints while it runs. */
  readonly liveOutput?: string | undefined;
};

export function TimelineRow({ item, view, liveOutput }: TimelineRowProps) {
  switch (item.kind) {
    case 'turn':
      return <TurnRow item={item} view={view} />;
    case 'run':
      return <RunRow item={item} />;
    case 'steps':
      return <StepsRow item={item} />;
    case 'said':
      return <SaidRow text={item.text} live={item.live} />;
    case 'thought':
      return <ThoughtRow text={item.text} />;
    case 'tool':
      return <ToolRow item={item} liveOutput={liveOutput} />;
    case 'plan':
      return <PlanRow todos={item.todos} />;
    case 'waited':
      return <WaitedRow item={item} />;
    case 'check':
      return <CheckRow check={item.check} />;
    case 'question':
      return <QuestionRow item={item} sessionId={view.summary.sessionId} />;
    case 'approval':
      return <ApprovalRow item={item} />;
    case 'artifact':
      return <ArtifactRow artifact={item.artifact} />;
    case 'outcome':
      return <OutcomeRow item={item} view={view} />;
    case 'pull_request':
      return <PullRequestRow item={item} />;
    case 'note':
      return <NoteRow text={item.text} by={item.by} at={item.at} />;
  }
}
