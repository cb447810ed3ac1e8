import type { CardBlock, CarouselBlock, ContainerBlock, PlanBlock, TaskCardBlock } from '@slack/types';
import { Check, ChevronDown, ChevronRight, Circle, Link2, Loader2, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ButtonElement } from '../elements/buttons.tsx';
import { OutLink } from '../text/mention.tsx';
import { Mrkdwn, PlainText } from '../text/mrkdwn-view.tsx';
import { RichText } from '../text/rich-text-view.tsx';
import { placeKey } from '../widgets/place-key.ts';
import { BlockImage } from './image.tsx';
import { TextView } from './text-view.tsx';

const statusWords = {
  pending: 'To do',
  in_progress: 'In progress',
  complete: 'Done',
  error: 'Failed',
} as const;
const statusIcons = { pending: Circle, in_progress: Loader2, complete: Check, error: X } as const;

function StatusIcon({ status }: { status: TaskCardBlock['status'] }) {
  const Icon = statusIcons[status];
  return (
    <span className={`task-icon task-${status}`} role="img" aria-label={statusWords[status]}>
      <Icon
        size={status === 'pending' ? 12 : 13}
        className={status === 'in_progress' ? 'spin' : ''}
        aria-hidden
      />
    </span>
  );
}

/** One step of the agent, with what it found behind a click. */
export function TaskCard({ block }: { block: TaskCardBlock }) {
  const [isOpen, setOpen] = useState(false);
  const hasMore = Boolean(block.details ?? block.output) || (block.sources?.length ?? 0) > 0;
  const head = (
    <>
      <StatusIcon status={block.status} />
      <span className="task-title">
        <PlainText text={block.title} />
      </span>
    </>
  );
  return (
    <div className={`task task-is-${block.status}`}>
      {hasMore ? (
        <button type="button" className="task-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {head}
          <ChevronDown size={14} className={isOpen ? 'chevron chevron-open' : 'chevron'} aria-hidden />
        </button>
      ) : (
        <div className="task-head">{head}</div>
      )}
      {isOpen ? <TaskBody block={block} /> : null}
    </div>
  );
}

function TaskBody({ block }: { block: TaskCardBlock }) {
  return (
    <div className="task-body">
      {block.details ? <RichText block={block.details} /> : null}
      {block.output ? <RichText block={block.output} /> : null}
      {block.sources && block.sources.length > 0 ? (
        <ul className="task-sources">
          {block.sources.map((source) => (
            <li key={source.url}>
              <Link2 size={12} aria-hidden /> <OutLink url={source.url}>{source.text}</OutLink>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** The agent's to-do list. */
export function Plan({ block }: { block: PlanBlock }) {
  const tasks = (block.tasks ?? []).filter(isTask);
  const done = tasks.filter((task) => task.status === 'complete').length;
  return (
    <section className="block plan" aria-label={`Plan: ${block.title}`}>
      <header className="plan-head">
        <strong>
          <PlainText text={block.title} />
        </strong>
        {tasks.length > 0 ? (
          <span className="plan-count">
            {done} of {tasks.length}
          </span>
        ) : null}
      </header>
      {tasks.length > 0 ? (
        <progress className="plan-bar" max={tasks.length} value={done} aria-label="Steps done" />
      ) : null}
      {tasks.map((task) => (
        <TaskCard key={task.task_id} block={task} />
      ))}
    </section>
  );
}

function isTask(task: TaskCardBlock | Record<string, unknown>): task is TaskCardBlock {
  const { title, status } = task;
  return typeof title === 'string' && typeof status === 'string' && Object.hasOwn(statusIcons, status);
}

/** A thing with a title: a pull request, an issue. */
export function Card({ block }: { block: CardBlock }) {
  return (
    <div className="block card">
      {block.hero_image ? <BlockImage image={block.hero_image} className="card-hero" /> : null}
      <div className="card-main">
        {block.icon ? <BlockImage image={block.icon} className="card-icon" /> : null}
        <div className="card-words">
          {block.title ? (
            <div className="card-title">
              <Mrkdwn text={block.title.text} />
            </div>
          ) : null}
          {block.subtitle ? (
            <div className="card-subtitle">
              <Mrkdwn text={block.subtitle.text} />
            </div>
          ) : null}
          {block.body ? <Mrkdwn text={block.body.text} /> : null}
        </div>
      </div>
      {block.actions && block.actions.length > 0 ? (
        <div className="actions card-actions">
          {block.actions.map((button, index) => (
            <ButtonElement
              key={button.action_id ?? placeKey(index)}
              element={button}
              blockId={block.block_id ?? ''}
            />
          ))}
        </div>
      ) : null}
    </div>
  );
}

/** Cards in a row that scrolls. */
export function Carousel({ block }: { block: CarouselBlock }) {
  return (
    <div className="block carousel">
      {block.elements.map((card, index) => (
        <Card key={card.block_id ?? placeKey(index)} block={card} />
      ))}
    </div>
  );
}

/** Blocks in a frame, perhaps folded. `children` are the drawn child blocks. */
export function Container({ block, children }: { block: ContainerBlock; children: ReactNode }) {
  const [isOpen, setOpen] = useState(!block.default_collapsed);
  const isFoldable = block.is_collapsible === true;
  const head = (
    <>
      {block.icon ? <BlockImage image={block.icon} className="context-image" /> : null}
      <span className="container-title">
        {block.rich_text_title ? (
          <RichText block={block.rich_text_title} />
        ) : (
          <PlainText text={block.title?.text ?? ''} />
        )}
        {block.subtitle ? (
          <span className="hint">
            <TextView text={block.subtitle} />
          </span>
        ) : null}
      </span>
    </>
  );
  return (
    <section className={`block container ${block.has_header_divider ? 'container-lined' : ''}`}>
      {isFoldable ? (
        <button
          type="button"
          className="container-head"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronRight size={14} className={isOpen ? 'chevron chevron-down' : 'chevron'} aria-hidden />
          {head}
        </button>
      ) : (
        <div className="container-head">{head}</div>
      )}
      {isOpen ? <div className="container-body">{children}</div> : null}
    </section>
  );
}
