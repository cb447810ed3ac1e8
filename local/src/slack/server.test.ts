import type { BlockAction, ButtonAction } from '@slack/bolt';
import { expect, it } from 'vitest';
import type { PageEvent } from './page-api.ts';
import { ANA, boltApp, CHIDI, ENGINEERING, GENERAL, startWorkspace, until } from './testing/rig.ts';

it('tells the real Bolt of a mention, and shows the answer on the page', async () => {
  const { slack } = await startWorkspace();
  const shown: PageEvent[] = [];
  slack.onPageEvent((event) => shown.push(event));
  const app = boltApp(slack);
  app.event('app_mention', async ({ event, client }) => {
    await client.chat.postMessage({
      channel: event.channel,
      thread_ts: event.ts,
      text: `heard: ${event.text}`,
    });
  });
  await app.start();

  const { ts } = slack.people.post({ as: ANA, channel: ENGINEERING, text: '@deckhand fix a < b & #general' });
  const answer = await until('the answer on the page', () =>
    shown.flatMap((event) => (event.type === 'message' && event.message.botId ? [event.message] : [])).at(0),
  );

  expect(answer).toMatchObject({
    channel: ENGINEERING,
    threadTs: ts,
    text: 'heard: <@U0DECKHAND> fix a &lt; b &amp; <#C0GENERAL0|general>',
  });
});

it('delivers the message beside the mention, replies without one, and nothing from a channel the bot is not in', async () => {
  const { slack } = await startWorkspace();
  const heard: string[] = [];
  const app = boltApp(slack);
  app.event('app_mention', async ({ event }) => void heard.push(`mention ${event.text}`));
  app.message(async ({ message }) => void heard.push(`message ${'text' in message ? message.text : ''}`));
  await app.start();

  slack.people.post({ as: ANA, channel: GENERAL, text: '@deckhand unheard' });
  const { ts } = slack.people.post({ as: ANA, channel: ENGINEERING, text: '@deckhand hello' });
  slack.people.post({ as: CHIDI, channel: ENGINEERING, text: 'a reply', threadTs: ts });

  await until('three events', () => heard.length === 3);
  expect(heard).toEqual(['mention <@U0DECKHAND> hello', 'message <@U0DECKHAND> hello', 'message a reply']);
});

it('brings a pressed button to its listener with the state of the message', async () => {
  const { slack, web } = await startWorkspace();
  const app = boltApp(slack);
  const pressed: BlockAction<ButtonAction>[] = [];
  app.action<BlockAction<ButtonAction>>('session_stop', async ({ ack, body, respond }) => {
    await ack();
    pressed.push(body);
    await respond({ text: 'stopped', replace_original: true, blocks: [] });
  });
  await app.start();
  const posted = await web.chat.postMessage({
    channel: ENGINEERING,
    text: 'card',
    blocks: [
      {
        type: 'actions',
        block_id: 'card',
        elements: [
          {
            type: 'button',
            action_id: 'session_stop',
            text: { type: 'plain_text', text: 'Stop' },
            value: 'ses_1',
          },
        ],
      },
    ],
  });
  const ts = posted.ts ?? '';

  const action = { type: 'button', action_id: 'session_stop', block_id: 'card', value: 'ses_1' };
  const answer = await slack.people.press({ as: ANA, container: { channel: ENGINEERING, ts }, action });

  expect(answer).toEqual({ ok: true });
  const body = await until('the press', () => pressed[0]);
  expect(body).toMatchObject({
    user: { id: ANA, name: 'ana' },
    channel: { id: ENGINEERING, name: 'engineering' },
  });
  expect(body.actions[0]).toMatchObject({ value: 'ses_1', action_id: 'session_stop' });
  const changed = await until('the replaced message', () =>
    slack.people
      .messages({ as: ANA, channel: ENGINEERING })
      .messages.find((message) => message.text === 'stopped'),
  );
  expect(changed.ts).toBe(ts);
});

it('warns the person when no listener acknowledges a press', async () => {
  const { slack, web } = await startWorkspace({ ackTimeoutMs: 100 });
  await boltApp(slack).start();
  const { ts = '' } = await web.chat.postMessage({ channel: ENGINEERING, text: 'card' });

  const action = { type: 'button', action_id: 'unknown', block_id: 'b' };
  const answer = await slack.people.press({ as: ANA, container: { channel: ENGINEERING, ts }, action });

  expect(answer).toMatchObject({ ok: false, warning: expect.stringContaining('did not answer') });
});

it('runs a slash command and whispers its answer to the person alone', async () => {
  const { slack } = await startWorkspace();
  const whispers: { text: string; audience: unknown }[] = [];
  slack.onPageEvent((event, audience) => {
    if (event.type === 'message') whispers.push({ text: event.message.text, audience });
  });
  const app = boltApp(slack);
  app.command('/deckhand', async ({ ack, command, respond }) => {
    await ack(`list of ${command.text}`);
    await respond({ text: 'and more', response_type: 'ephemeral' });
  });
  await app.start();

  const answer = await slack.people.command({
    as: ANA,
    channel: ENGINEERING,
    text: '/deckhand open sessions',
  });
  await until('both answers', () => whispers.length === 2);

  expect(answer).toEqual({ ok: true });
  expect(whispers).toContainEqual({ text: 'list of open sessions', audience: [ANA] });
  expect(whispers).toContainEqual({ text: 'and more', audience: [ANA] });
  expect(await slack.people.command({ as: ANA, channel: ENGINEERING, text: '/nothing' })).toMatchObject({
    ok: false,
  });
});

it('opens a modal from a shortcut, shows field errors, and takes the corrected submission', async () => {
  const { slack } = await startWorkspace();
  const app = boltApp(slack);
  const submitted: unknown[] = [];
  app.shortcut('run_new', async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({
      trigger_id: shortcut.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'new_session',
        title: { type: 'plain_text', text: 'New session' },
        submit: { type: 'plain_text', text: 'Start' },
        blocks: [
          {
            type: 'input',
            block_id: 'task',
            label: { type: 'plain_text', text: 'Task' },
            element: { type: 'plain_text_input', action_id: 'text' },
          },
        ],
      },
    });
  });
  app.view('new_session', async ({ ack, view }) => {
    const value = view.state.values['task']?.['text']?.value;
    if (value === 'no') return ack({ response_action: 'errors', errors: { task: 'Say more.' } });
    submitted.push(value);
    return ack();
  });
  await app.start();

  await slack.people.shortcut({ as: ANA, callbackId: 'run_new' });
  const view = await until('the modal', () => slack.people.openViews(ANA)[0]);
  const submit = (value: string) =>
    slack.people.submit({
      as: ANA,
      viewId: view.id,
      values: { task: { text: { type: 'plain_text_input', value } } },
    });

  expect(await submit('')).toEqual({ ok: false, errors: { task: 'Please complete this required field.' } });
  expect(await submit('no')).toEqual({ ok: false, errors: { task: 'Say more.' } });
  expect(slack.people.openViews(ANA)).toHaveLength(1);
  expect(await submit('fix the build')).toEqual({ ok: true });
  expect(submitted).toEqual(['fix the build']);
  expect(slack.people.openViews(ANA)).toEqual([]);
});

it('refuses to open a second modal with the same trigger', async () => {
  const { slack, web } = await startWorkspace();
  const triggers: string[] = [];
  const app = boltApp(slack);
  app.shortcut('run_new', async ({ ack, shortcut }) => {
    triggers.push(shortcut.trigger_id);
    await ack();
  });
  await app.start();
  await slack.people.shortcut({ as: ANA, callbackId: 'run_new' });
  const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'Hi' }, blocks: [] };
  const trigger_id = await until('the trigger', () => triggers[0]);

  await web.views.open({ trigger_id, view });

  await expect(web.views.open({ trigger_id, view })).rejects.toMatchObject({
    data: { error: 'exchanged_trigger_id' },
  });
});

it('refuses a trigger that is older than three seconds', async () => {
  let now = Date.now();
  const { slack, web } = await startWorkspace({ clock: { now: () => now } });
  const triggers: string[] = [];
  const app = boltApp(slack);
  app.shortcut('run_new', async ({ ack, shortcut }) => {
    triggers.push(shortcut.trigger_id);
    await ack();
  });
  await app.start();
  await slack.people.shortcut({ as: ANA, callbackId: 'run_new' });
  const trigger_id = await until('the trigger', () => triggers[0]);
  now += 3001;

  const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'Hi' }, blocks: [] };
  await expect(web.views.open({ trigger_id, view })).rejects.toMatchObject({
    data: { error: 'expired_trigger_id' },
  });
});

it('publishes a Home and tells the app when it is opened', async () => {
  const { slack } = await startWorkspace();
  const app = boltApp(slack);
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: {
        type: 'home',
        blocks: [{ type: 'header', text: { type: 'plain_text', text: `Hi (${event.tab})` } }],
      },
    });
  });
  await app.start();

  slack.people.openHome({ as: ANA, tab: 'home' });
  const home = await until('the Home', () => slack.people.home(ANA));

  expect(home).toMatchObject({ type: 'home', blocks: [{ type: 'header', text: { text: 'Hi (home)' } }] });
  expect(slack.people.home(CHIDI)).toBeNull();
});

it('delivers reactions, edits, deletions and direct messages', async () => {
  const { slack } = await startWorkspace();
  const heard: unknown[] = [];
  const app = boltApp(slack);
  app.event('reaction_added', async ({ event }) => void heard.push(['reacted', event.reaction, event.user]));
  app.event('message', async ({ event }) => void heard.push([event.subtype ?? 'plain', event.channel_type]));
  await app.start();

  const { ts } = slack.people.post({ as: ANA, channel: ENGINEERING, text: 'hello' });
  slack.people.react({ as: ANA, channel: ENGINEERING, ts, name: 'octagonal_sign' });
  slack.people.edit({ as: ANA, channel: ENGINEERING, ts, text: 'hello again' });
  slack.people.remove({ as: ANA, channel: ENGINEERING, ts });
  const dm = slack.people.openDm({ as: ANA, with: 'U0DECKHAND' });
  slack.people.post({ as: ANA, channel: dm.id, text: 'psst' });

  await until('five events', () => heard.length === 5);
  expect(heard).toEqual([
    ['plain', 'channel'],
    ['reacted', 'octagonal_sign', ANA],
    ['message_changed', 'channel'],
    ['message_deleted', 'channel'],
    ['plain', 'im'],
  ]);
});
