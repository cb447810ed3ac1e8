import { expect, it } from 'vitest';
import { SlackError } from '../errors.ts';
import { readBlocks } from './validate.ts';
import { readView } from './view.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (more: object) => ({
  type: 'actions',
  elements: [{ type: 'button', text: plain('Go'), ...more }],
});
const richText = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
const task = (id: string) => ({
  type: 'task_card',
  task_id: id,
  title: 'Run tests',
  status: 'in_progress',
  details: richText('npm test'),
  output: richText('42 passed'),
});

/** The error code and the messages that the app would see. */
function refusalOf(act: () => unknown): { code: string; messages: string } {
  try {
    act();
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return { code: error.code, messages: JSON.stringify(error.detail) };
  }
  throw new Error('nothing was refused');
}

it('takes the blocks that Deckhand posts', () => {
  const blocks = [
    { type: 'header', text: plain('Session') },
    section('*hi*'),
    { type: 'plan', title: 'Fix the test', tasks: [task('a'), task('b')] },
    { type: 'markdown', text: '# Done' },
    { type: 'alert', level: 'warning', text: plain('Careful') },
    {
      type: 'card',
      title: { type: 'mrkdwn', text: 'PR 1' },
      actions: [{ type: 'button', text: plain('Open') }],
    },
    { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }, richText('b')]] },
    { type: 'container', title: plain('More'), child_blocks: [section('inside')], is_collapsible: true },
    {
      type: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          positive_button: { text: plain('Good'), value: 'up' },
          negative_button: { text: plain('Bad'), value: 'down' },
        },
      ],
    },
    { type: 'context', elements: [{ type: 'mrkdwn', text: 'step 4' }] },
    button({ style: 'danger', confirm: { text: plain('Sure?') } }),
    { type: 'divider' },
  ];
  expect(readBlocks(JSON.stringify(blocks), 'message')).toHaveLength(blocks.length);
});

it('names blocks and elements that the app did not name', () => {
  const [block] = readBlocks([button({})], 'message') ?? [];
  expect(block).toMatchObject({
    block_id: expect.stringMatching(/^\w{5}$/),
    elements: [{ action_id: expect.stringMatching(/^\w{5}$/) }],
  });
});

it.each([
  ['a section over 3,000 characters', [section('x'.repeat(3001))], '/blocks/0/text/text'],
  ['an empty section', [section('')], 'must be more than 0 characters'],
  ['a section without text and fields', [{ type: 'section' }], 'must have text or fields'],
  ['a header over 150 characters', [{ type: 'header', text: plain('x'.repeat(151)) }], '/blocks/0/text/text'],
  [
    'an action_id over 255 characters',
    [button({ action_id: 'x'.repeat(256) })],
    '/blocks/0/elements/0/action_id',
  ],
  ['a value over 2,000 characters', [button({ value: 'x'.repeat(2001) })], '/blocks/0/elements/0/value'],
  ['a label over 75 characters', [button({ text: plain('x'.repeat(76)) })], '/blocks/0/elements/0/text/text'],
  ['a relative url', [button({ url: '/sessions' })], 'invalid url'],
  ['26 elements', [{ type: 'actions', elements: Array(26).fill(button({}).elements[0]) }], 'no more than 25'],
  ['11 context elements', [{ type: 'context', elements: Array(11).fill(plain('x')) }], 'no more than 10'],
  ['a plain text task detail', [{ ...task('a'), details: 'npm test' }], '/blocks/0/details'],
  ['an alert over 200 characters', [{ type: 'alert', text: plain('x'.repeat(201)) }], '/blocks/0/text/text'],
  [
    '101 table rows',
    [{ type: 'table', rows: Array(101).fill([{ type: 'raw_text', text: '' }]) }],
    'no more than 100',
  ],
  [
    'two tables',
    Array(2).fill({ type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }),
    'only_one_table_allowed',
  ],
  ['an unknown block', [{ type: 'hologram' }], 'unsupported type [json-pointer:/blocks/0'],
  ['an unknown property', [{ type: 'divider', colour: 'red' }], 'invalid additional property: colour'],
  ['a missing field', [{ type: 'header' }], 'missing required field: text'],
  ['a block_id twice', Array(2).fill({ type: 'divider', block_id: 'same' }), 'block_id already exists: same'],
  ['51 blocks', Array(51).fill({ type: 'divider' }), 'no more than 50 items allowed'],
  ['much markdown', Array(2).fill({ type: 'markdown', text: 'x'.repeat(6001) }), 'all markdown blocks'],
])('refuses %s as invalid_blocks and says where', (_what, blocks, message) => {
  const refusal = refusalOf(() => readBlocks(blocks, 'message'));
  expect(refusal.code).toBe('invalid_blocks');
  expect(refusal.messages).toContain(message);
});

it('refuses text that is no list of blocks, and blocks that are too long together', () => {
  expect(refusalOf(() => readBlocks('{oops', 'message')).code).toBe('invalid_blocks_format');
  const long = Array.from({ length: 5 }, () => section('x'.repeat(2700)));
  expect(refusalOf(() => readBlocks(long, 'message')).code).toBe('msg_blocks_too_long');
});

it('refuses modals with a long title, much private metadata, or inputs without a submit', () => {
  const modal = { type: 'modal', title: plain('Session'), blocks: [] };
  const input = { type: 'input', label: plain('Task'), element: { type: 'plain_text_input' } };

  expect(readView(modal, 'modal')).toMatchObject({ type: 'modal' });
  expect(refusalOf(() => readView({ ...modal, title: plain('x'.repeat(25)) }, 'modal')).messages).toContain(
    '/view/title/text',
  );
  expect(refusalOf(() => readView({ ...modal, private_metadata: 'x'.repeat(3001) }, 'modal')).code).toBe(
    'invalid_arguments',
  );
  expect(refusalOf(() => readView({ ...modal, blocks: [input] }, 'modal')).messages).toContain(
    'must define `submit`',
  );
});
