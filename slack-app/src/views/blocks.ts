import type {
  ActionsBlock,
  Button,
  ContextBlock,
  KnownBlock,
  RichTextBlock,
  SectionBlock,
} from '@slack/types';
import type { ArtifactId } from 'orchestrator/domain';

import { LIMITS, truncate } from './limits.ts';
import { clean, isWebUrl } from './text.ts';

/** What one message holds. `text` is what notifications and screen readers say. */
export type MessageContent = {
  readonly kind: 'message';
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
};

/** A file that stands in the thread; its bytes are an artifact. */
export type FileContent = {
  readonly kind: 'file';
  readonly artifactId: ArtifactId;
  readonly name: string;
  readonly title: string;
};

export function section(mrkdwnText: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: mrkdwnText } };
}

/** One grey line; parts that are null are left out. */
export function contextLine(parts: readonly (string | null)[]): ContextBlock {
  const text = parts.filter((part) => part !== null && part !== '').join(' · ');
  return { type: 'context', elements: [{ type: 'mrkdwn', text: text === '' ? ' ' : text }] };
}

/** A button whose value holds ids only: what a person wrote may be long, secret or stale. */
export function button(options: {
  readonly label: string;
  readonly actionId: string;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  /** Asked before the press counts. */
  readonly confirm?: {
    readonly title: string;
    readonly text: string;
    readonly yes: string;
    readonly no: string;
  };
}): Button {
  const { confirm } = options;
  return {
    type: 'button',
    action_id: options.actionId,
    text: { type: 'plain_text', text: plain(options.label, LIMITS.buttonText) },
    value: options.value,
    ...(options.style && { style: options.style }),
    ...(confirm && {
      confirm: {
        title: { type: 'plain_text', text: plain(confirm.title, LIMITS.confirmTitle) },
        text: { type: 'plain_text', text: plain(confirm.text, LIMITS.confirmText) },
        confirm: { type: 'plain_text', text: plain(confirm.yes, LIMITS.confirmButton) },
        deny: { type: 'plain_text', text: plain(confirm.no, LIMITS.confirmButton) },
        style: 'danger',
      },
    }),
  };
}

/** A button that opens a page; null when the address is none that Slack takes. */
export function linkButton(options: {
  readonly label: string;
  readonly actionId: string;
  readonly url: string;
}): Button | null {
  if (!isWebUrl(options.url)) return null;
  return {
    type: 'button',
    action_id: options.actionId,
    text: { type: 'plain_text', text: plain(options.label, LIMITS.buttonText) },
    url: options.url,
  };
}

export function actions(elements: readonly (Button | null)[]): ActionsBlock[] {
  const present = elements.filter((element) => element !== null).slice(0, LIMITS.actionsElements);
  return present.length === 0 ? [] : [{ type: 'actions', elements: present }];
}

/** Code as it is: rich text has no markup that its content could break. */
export function preformatted(text: string, max: number): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: plain(text, max) }], border: 0 },
    ],
  };
}

/** Text for a field without markup; never empty, because Slack refuses that. */
export function plain(text: string, max: number): string {
  const cut = truncate(clean(text), max);
  return cut.trim() === '' ? '–' : cut;
}

/** A message within Slack's limits whatever its parts are: where they do not fit together, the largest is left out. */
export function message(text: string, blocks: readonly (KnownBlock | null)[]): MessageContent {
  const present = blocks.filter((block) => block !== null);
  return { kind: 'message', text: plain(text, LIMITS.messageText), blocks: withinLimits(present) };
}

function withinLimits(blocks: readonly KnownBlock[]): KnownBlock[] {
  const kept = blocks.slice(0, LIMITS.blocksPerMessage);
  while (kept.length > 2 && sizeOf(kept) > LIMITS.blocksTotal) kept.splice(indexOfLargest(kept), 1);
  return kept;
}

function indexOfLargest(blocks: readonly KnownBlock[]): number {
  const sizes = blocks.map((block) => sizeOf([block]));
  return sizes.indexOf(Math.max(...sizes));
}

/** Characters of the blocks as they are sent; an upper bound of what Slack counts. */
function sizeOf(blocks: readonly KnownBlock[]): number {
  return JSON.stringify(blocks).length;
}
