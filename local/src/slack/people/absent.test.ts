import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Message, PageEvent } from '../page-api.ts';
import type { LocalSlack } from '../server.ts';
import { ANA, BO, ENGINEERING, GENERAL, hearEvents, startWorkspace, until } from '../testing/rig.ts';

const BOT = 'U0DECKHAND';

/** What is shown to Ana alone; grows as it comes. */
function whispersTo(slack: LocalSlack, person: string): PageEvent[] {
  const events: PageEvent[] = [];
  slack.onPageEvent((event, audience) => {
    if (audience !== 'everyone' && audience.length === 1 && audience[0] === person) events.push(event);
  });
  return events;
}

function hintIn(events: readonly PageEvent[]): Message {
  const found = events.flatMap((event) => (event.type === 'message' ? [event.message] : []))[0];
  if (!found) throw new Error('no hint was shown');
  return found;
}

const actions = z.array(
  z.object({ elements: z.array(z.object({ action_id: z.string(), value: z.string() })).default([]) }),
);

const press = (slack: LocalSlack, hint: Message, name: 'absent_invite' | 'absent_leave') => {
  const buttons = actions.parse(hint.blocks).flatMap((block) => block.elements);
  const button = buttons.find((element) => element.action_id === name);
  const action = { type: 'button', action_id: name, block_id: 'absent_answer', value: button?.value };
  return slack.people.press({ as: ANA, container: { channel: hint.channel, ts: hint.ts }, action });
};

it('tells who mentions an app that is not in the channel, them alone, and the app hears nothing', async () => {
  const { slack, web } = await startWorkspace();
  const heard = await hearEvents(slack);
  const whispers = whispersTo(slack, ANA);

  slack.people.post({ as: ANA, channel: GENERAL, text: '@deckhand fix it' });
  slack.people.post({ as: ANA, channel: ENGINEERING, text: 'the next event' });

  expect(hintIn(whispers)).toMatchObject({
    user: 'USLACKBOT',
    ephemeralFor: ANA,
    text: `You mentioned <@${BOT}>, but they are not in this channel.`,
  });
  await until('the next event', () => heard.length === 1);
  expect(heard[0]).toMatchObject({ text: 'the next event' });
  await web.conversations.join({ channel: GENERAL });
  expect((await web.conversations.history({ channel: GENERAL })).messages).toHaveLength(2);
});

it('invites the app from the hint, tells it, and says so', async () => {
  const { slack, web } = await startWorkspace();
  const heard = await hearEvents(slack);
  const whispers = whispersTo(slack, ANA);
  const { ts } = slack.people.post({ as: ANA, channel: GENERAL, text: 'hello' });
  slack.people.post({ as: ANA, channel: GENERAL, text: '@deckhand fix it', threadTs: ts });
  const hint = hintIn(whispers);

  expect(await press(slack, hint, 'absent_invite')).toEqual({ ok: true });

  expect(hint.threadTs).toBe(ts);
  expect(whispers.at(-1)).toMatchObject({
    type: 'message_changed',
    message: { ts: hint.ts, text: `You invited <@${BOT}> to this channel.` },
  });
  await until('both events', () => heard.length === 2);
  expect(heard).toMatchObject([
    {
      type: 'member_joined_channel',
      user: BOT,
      channel: GENERAL,
      channel_type: 'C',
      team: 'T0DECKHAND',
      inviter: ANA,
    },
    { type: 'message', subtype: 'channel_join', user: BOT, inviter: ANA, channel: GENERAL },
  ]);
  expect(heard[1]).not.toHaveProperty('bot_id');
  expect((await web.chat.postMessage({ channel: GENERAL, text: 'here' })).ok).toBe(true);
  expect(await press(slack, hint, 'absent_invite')).toEqual({ ok: true });
});

it('takes the hint away when nothing shall be done', async () => {
  const { slack } = await startWorkspace();
  const whispers = whispersTo(slack, ANA);
  slack.people.post({ as: ANA, channel: GENERAL, text: 'cc @deckhand and @sentry' });
  const hint = hintIn(whispers);

  expect(await press(slack, hint, 'absent_leave')).toEqual({ ok: true });

  expect(hint.text).toBe(`You mentioned <@${BOT}> and <@U0SENTRY00>, but they are not in this channel.`);
  expect(whispers.at(-1)).toEqual({ type: 'message_deleted', channel: GENERAL, ts: hint.ts });
});

it('says nothing of people who are here, in direct conversations, and to others', async () => {
  const { slack } = await startWorkspace();
  const whispers = whispersTo(slack, ANA);
  const dm = slack.people.openDm({ as: ANA, with: BO });

  slack.people.post({ as: ANA, channel: ENGINEERING, text: '@deckhand @bo hello, @slackbot too' });
  slack.people.post({ as: ANA, channel: dm.id, text: '@deckhand would know' });
  slack.people.post({ as: BO, channel: GENERAL, text: '@deckhand is not here' });

  expect(whispers).toEqual([]);
});
