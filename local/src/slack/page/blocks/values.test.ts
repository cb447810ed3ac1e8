import type { ActionsBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { currentValues, initialValues, withIds } from './values.ts';

const option = { text: { type: 'plain_text', text: 'One' }, value: '1' };
const blocks = [
  {
    type: 'input',
    block_id: 'a',
    element: { type: 'plain_text_input', action_id: 'x', initial_value: 'hi' },
  },
  {
    type: 'actions',
    block_id: 'b',
    elements: [
      { type: 'button', action_id: 'go' },
      { type: 'checkboxes', action_id: 'y' },
    ],
  },
  { type: 'section', accessory: { type: 'static_select', action_id: 'z', initial_option: option } },
];

describe('values of blocks', () => {
  it('starts with what the app gave, and with what empty is for each element', () => {
    expect(initialValues(blocks)).toEqual({
      a: { x: { type: 'plain_text_input', value: 'hi' } },
      b: { y: { type: 'checkboxes', selected_options: [] } },
      'block-2': { z: { type: 'static_select', selected_option: option } },
    });
  });

  it('finds the inputs inside of a container', () => {
    const inner: ActionsBlock = {
      type: 'actions',
      block_id: 'c',
      elements: [{ type: 'checkboxes', action_id: 'y', options: [] }],
    };
    expect(initialValues([{ type: 'container', child_blocks: [inner] }])).toHaveProperty('c.y');
  });

  it('keeps what a person chose, as long as the element is still there and of the same kind', () => {
    const chosen = {
      a: { x: { type: 'number_input', value: '5' } },
      b: { y: { type: 'checkboxes', selected_options: [option] } },
      gone: { q: { type: 'plain_text_input', value: 'q' } },
    };
    const values = currentValues(blocks, chosen);
    expect(values['a']?.['x']).toEqual({ type: 'plain_text_input', value: 'hi' });
    expect(values['b']?.['y']).toEqual({ type: 'checkboxes', selected_options: [option] });
    expect(values).not.toHaveProperty('gone');
  });

  it.each([
    [{ type: 'actions', elements: null }],
    [{ type: 'actions', elements: [null, 1, 'x', {}, { type: 5 }] }],
    [{ type: 'section', accessory: 'x' }],
    [{ type: 'input', element: { type: '__proto__', action_id: 'a' } }],
  ])('makes nothing of %j', (block) => {
    expect(initialValues([block])).toEqual({});
  });

  it('gives an id to a block without one', () => {
    expect(
      withIds([{ type: 'divider' }, { type: 'divider', block_id: 'mine' }]).map((one) => one.block_id),
    ).toEqual(['block-0', 'mine']);
  });
});
