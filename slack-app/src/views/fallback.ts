import type { KnownBlock, PlanBlock } from '@slack/types';
import { type MessageContent, message, section } from './blocks.ts';
import { LIMITS } from './limits.ts';
import { mrkdwn } from './text.ts';

const MARKS: Readonly<Record<string, string>> = { complete: '✓', in_progress: '▸', error: '✗', pending: '·' };

/** The same message in blocks that every workspace knows, for one that refuses `plan` and `markdown`. */
export function inPlainBlocks(content: MessageContent): MessageContent {
  return message(content.text, content.blocks.map(plainBlock));
}

function plainBlock(block: KnownBlock): KnownBlock | null {
  switch (block.type) {
    case 'section':
    case 'context':
    case 'actions':
    case 'divider':
    case 'rich_text':
      return block;
    case 'markdown':
      return section(mrkdwn(block.text, LIMITS.section));
    case 'plan':
      return section(planText(block));
    default:
      return null;
  }
}

function planText(plan: PlanBlock): string {
  const rows = (plan.tasks ?? []).map((task) => {
    const status = typeof task['status'] === 'string' ? task['status'] : 'pending';
    const title = typeof task['title'] === 'string' ? task['title'] : '';
    return `${MARKS[status] ?? '·'} ${mrkdwn(title, LIMITS.taskTitle)}`;
  });
  return [`*${mrkdwn(plan.title, LIMITS.header)}*`, ...rows].join('\n');
}
