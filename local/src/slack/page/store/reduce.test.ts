import { describe, expect, it } from 'vitest';
import type { Message } from '../../page-api.ts';
import { applyEvent } from './reduce.ts';
import { initialState, type State } from './state.ts';

const ana = 'U1';
const bot = 'U9';

function message(ts: string, more: Partial<Message> = {}): Message {
  return { channel: 'C1', ts, user: ana, text: 'hi', reactions: [], replyCount: 0, replyUsers: [], ...more };
}

function given(more: Partial<State> = {}): State {
  return {
    ...initialState({ page: 'channel', channel: 'C1', threadTs: null, focus: null }),
    phase: 'ready',
    me: ana,
    workspace: {
      team: { id: 'T1', name: 'Team', domain: 'team' },
      people: [],
      channels: [
        {
          id: 'C1',
          name: 'eng',
          kind: 'channel',
          isPrivate: false,
          topic: '',
          members: [ana, bot],
          isArchived: false,
        },
      ],
      app: {
        sockets: 1,
        botUserId: bot,
        name: 'App',
        commands: [],
        messageShortcuts: [],
        globalShortcuts: [],
      },
      notice: null,
      faults: { isDown: false, rateLimits: false, calls: [], events: [], heldEvents: 0 },
      faultChoices: { methods: [], eventTypes: [] },
    },
    timelines: { C1: { messages: [message('2.000000')], hasMore: false, status: 'ready' } },
    ...more,
  };
}

const tsIn = (state: State, place: string) => state.timelines[place]?.messages.map((one) => one.ts);

describe('events of the server', () => {
  it('puts a root into its channel, in order, once', () => {
    const event = { type: 'message', message: message('1.000000') } as const;
    const state = applyEvent(applyEvent(given(), event), event);
    expect(tsIn(state, 'C1')).toEqual(['1.000000', '2.000000']);
  });

  it('puts a reply into its open thread and not into the channel', () => {
    const open = given({
      timelines: { ...given().timelines, 'C1/2.000000': { messages: [], hasMore: false, status: 'ready' } },
    });
    const state = applyEvent(open, {
      type: 'message',
      message: message('3.000000', { threadTs: '2.000000' }),
    });
    expect(tsIn(state, 'C1')).toEqual(['2.000000']);
    expect(tsIn(state, 'C1/2.000000')).toEqual(['3.000000']);
  });

  it('keeps what only one person sees until the thread is opened', () => {
    const whisper = message('3.000000', { threadTs: '2.000000', ephemeralFor: ana, user: bot });
    expect(tsIn(applyEvent(given(), { type: 'message', message: whisper }), 'C1/2.000000')).toEqual([
      '3.000000',
    ]);
  });

  it('does not bring back a message that it does not show, when that changes', () => {
    const state = applyEvent(given(), { type: 'message_changed', message: message('1.000000') });
    expect(tsIn(state, 'C1')).toEqual(['2.000000']);
  });

  it('takes a deleted message away', () => {
    expect(
      tsIn(applyEvent(given(), { type: 'message_deleted', channel: 'C1', ts: '2.000000' }), 'C1'),
    ).toEqual([]);
  });

  it('counts what is said elsewhere by others', () => {
    const elsewhere = message('3.000000', { channel: 'C2', user: bot });
    expect(applyEvent(given(), { type: 'message', message: elsewhere }).unread).toEqual({ C2: 1 });
    expect(applyEvent(given(), { type: 'message', message: { ...elsewhere, user: ana } }).unread).toEqual({});
    expect(applyEvent(given(), { type: 'message', message: { ...elsewhere, channel: 'C1' } }).unread).toEqual(
      {},
    );
  });

  it('waits for the answer to a root that mentions the app', () => {
    const state = applyEvent(given(), {
      type: 'message',
      message: message('3.000000', { text: `<@${bot}> fix it` }),
    });
    expect(state.awaiting).toEqual(['C1/3.000000']);
    expect(applyEvent(given(), { type: 'message', message: message('3.000000') }).awaiting).toEqual([]);
  });

  it('lets go of the message on its way when it arrives, and keeps one that failed', () => {
    const body = { as: ana, channel: 'C1', text: 'hi' };
    const outgoing = [
      { id: 'failed', place: 'C1', body, error: 'away' },
      { id: 'sending', place: 'C1', body, error: null },
    ];
    const state = applyEvent(given({ outgoing }), { type: 'message', message: message('3.000000') });
    expect(state.outgoing.map((one) => one.id)).toEqual(['failed']);
  });

  it('ends the status of the app when it speaks', () => {
    const status = { type: 'status', channel: 'C1', threadTs: '2.000000', text: 'is thinking…' } as const;
    const busy = applyEvent(given(), status);
    expect(busy.statuses['C1/2.000000']).toBe('is thinking…');
    const reply = message('3.000000', { threadTs: '2.000000', user: bot, botId: 'B1' });
    expect(applyEvent(busy, { type: 'message', message: reply }).statuses['C1/2.000000']).toBe('');
  });

  it('stacks modals and takes them off', () => {
    const view = { id: 'V1', type: 'modal', title: { type: 'plain_text', text: 'A' }, blocks: [] } as const;
    const opened = applyEvent(given(), { type: 'view_opened', view: { ...view, blocks: [] } });
    const pushed = applyEvent(opened, { type: 'view_pushed', view: { ...view, blocks: [], id: 'V2' } });
    expect(pushed.modals.map((one) => one.id)).toEqual(['V1', 'V2']);
    expect(applyEvent(pushed, { type: 'view_closed', viewId: 'V2' }).modals.map((one) => one.id)).toEqual([
      'V1',
    ]);
  });

  it('shows what is set to go wrong, as the server last said it', () => {
    const faults = { isDown: true, rateLimits: false, calls: [], events: [], heldEvents: 0 };
    expect(applyEvent(given(), { type: 'faults', faults }).workspace?.faults).toEqual(faults);
  });

  it('keeps the newest calls once somebody looks at them, and none before', () => {
    const call = (id: number) => ({
      ...{ id, method: 'auth.test', at: 0, tookMs: 0, args: {}, status: 200, error: null },
      ...{ retryAfterSeconds: null, isDropped: false, isFault: false },
    });
    const many = Array.from({ length: 150 }, (_, index) => call(index + 1));
    const more = Array.from({ length: 150 }, (_, index) => call(index + 101));
    const told = (state: State) => applyEvent(state, { type: 'calls', calls: more }).calls;

    expect(told(given())).toBeNull();
    expect(told(given({ calls: 'failed' }))).toBe('failed');
    expect(told(given({ calls: many }))).toEqual(
      Array.from({ length: 200 }, (_, index) => call(250 - index)),
    );
  });

  it('forgets a conversation that the person is in no more', () => {
    const state = applyEvent(given(), { type: 'channel_gone', channel: 'C1' });
    expect(state.workspace?.channels).toEqual([]);
  });
});
