import type { AnyBlock, RichTextBlock } from '@slack/types';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { api } from '../api.ts';
import { createCell } from '../store/cell.ts';
import { WorkspaceContext } from '../store/hooks.ts';
import { initialState } from '../store/state.ts';
import { workspaceOf } from '../store/workspace.ts';
import { Blocks } from './blocks.tsx';
import { type Surface, SurfaceContext } from './surface.ts';
import { currentValues } from './values.ts';

function draw(blocks: readonly AnyBlock[]): string {
  const workspace = workspaceOf({
    cell: createCell(initialState({ page: 'start' })),
    api,
    origin: 'http://127.0.0.1:4010',
  });
  const surface: Surface = {
    kind: 'message',
    values: currentValues(blocks, {}),
    errors: {},
    busy: new Set(),
    warning: null,
    set: () => undefined,
    press: () => undefined,
  };
  return renderToStaticMarkup(
    createElement(
      WorkspaceContext.Provider,
      { value: workspace },
      createElement(SurfaceContext.Provider, { value: surface }, createElement(Blocks, { blocks })),
    ),
  );
}

const evil = '<img src=x onerror=alert(1)><script>alert(1)</script>';
const escaped = '&lt;img src=x onerror=alert(1)&gt;';
const plain = { type: 'plain_text', text: evil } as const;
const rich: RichTextBlock = {
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: evil }] }],
};

describe('drawing blocks', () => {
  it.each<[string, AnyBlock]>([
    ['section', { type: 'section', text: { type: 'mrkdwn', text: evil } }],
    ['header', { type: 'header', text: plain }],
    ['context', { type: 'context', elements: [plain] }],
    ['rich_text', rich],
    ['table', { type: 'table', rows: [[{ type: 'raw_text', text: evil }]] }],
    [
      'plan',
      {
        type: 'plan',
        title: 'Plan',
        tasks: [{ type: 'task_card', task_id: '1', title: evil, status: 'pending' }],
      },
    ],
    ['actions', { type: 'actions', elements: [{ type: 'button', action_id: 'a', text: plain }] }],
    ['alert', { type: 'alert', text: plain }],
  ])('shows HTML in a %s as the text that it is', (_, block) => {
    const html = draw([block]);
    expect(html).toContain(escaped);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img');
  });

  it('leaves raw HTML out of Markdown and keeps the words', () => {
    const html = draw([
      {
        type: 'markdown',
        text: `**bold** ${evil} [click](javascript:alert(1)) ![x](https://evil.example/p.png)`,
      },
    ]);
    expect(html).toContain('<strong>bold</strong>');
    expect(html).not.toMatch(/<script|<img|href="javascript/);
  });

  it('makes no link of an address that must not be opened', () => {
    const html = draw([
      { type: 'section', text: { type: 'mrkdwn', text: '<javascript:alert(1)|a> <https://ok.example|b>' } },
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'link', url: 'data:text/html,x', text: 'c' }] },
        ],
      },
    ]);
    expect(html.match(/href="[^"]*"/g)).toEqual(['href="https://ok.example"']);
  });

  it('leads to a message of this workspace without leaving the page', () => {
    const text = '<http://127.0.0.1:4010/archives/C1/p1795418039531000|there>';
    expect(draw([{ type: 'section', text: { type: 'mrkdwn', text } }])).toContain(
      '<a href="#/C1/1795418039.531000">',
    );
  });

  it('says quietly that it does not know a block', () => {
    expect(draw([{ type: 'hologram' }, { type: 'constructor' }])).toContain('Unsupported block: hologram');
  });

  it('tells the state of each task in words', () => {
    const task = (status: 'complete' | 'in_progress' | 'error') =>
      ({ type: 'task_card', task_id: status, title: status, status }) as const;
    const html = draw([
      { type: 'plan', title: 'Fix it', tasks: [task('complete'), task('in_progress'), task('error')] },
    ]);
    expect(html).toContain('1 of 3');
    expect(html.match(/aria-label="(Done|In progress|Failed)"/g)).toHaveLength(3);
  });

  it('gives an input its label, its hint and its first value', () => {
    const html = draw([
      {
        type: 'input',
        block_id: 'b',
        label: { type: 'plain_text', text: 'Branch' },
        hint: { type: 'plain_text', text: 'Where to start' },
        element: { type: 'plain_text_input', action_id: 'v', initial_value: 'main' },
      },
    ]);
    expect(html).toMatch(/<label[^>]*for="([^"]+)"[\s\S]*id="\1"/);
    expect(html).toContain('value="main"');
    expect(html).toContain('Where to start');
  });
});
