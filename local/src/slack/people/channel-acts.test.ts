import { expect, it } from 'vitest';
import type { Channel, PageEvent } from '../page-api.ts';
import type { LocalSlack } from '../server.ts';
import { ALERTS, ANA, BO, ENGINEERING, GENERAL, hearEvents, startWorkspace, until } from '../testing/rig.ts';

const BOT = 'U0DECKHAND';
const refused = (error: string) => ({ data: { ok: false, error } });
const inEngineering = { as: ANA, channel: ENGINEERING };

const act = async (slack: LocalSlack, path: string, body: object) =>
  (
    await fetch(`${slack.url}local/api/channels${path}`, { method: 'POST', body: JSON.stringify(body) })
  ).json();

it('removes the app: it is told by channel_left and by Slackbot, and may do nothing there any more', async () => {
  const { slack, web } = await startWorkspace();
  const heard = await hearEvents(slack);
  const { ts = '' } = await web.chat.postMessage({ channel: ENGINEERING, text: 'mine' });
  await until('the own post', () => heard.length === 1);

  await act(slack, '/remove', { ...inEngineering, user: BOT });
  slack.people.post({ ...inEngineering, text: 'unheard' });

  await until('both', () => heard.length === 3 && slack.pendingEvents() === 0);
  expect(heard.slice(1)).toMatchObject([
    { type: 'channel_left', channel: ENGINEERING, actor_id: ANA },
    {
      type: 'message',
      channel_type: 'im',
      user: 'USLACKBOT',
      text: `You have been removed from #engineering by <@${ANA}>`,
    },
  ]);
  const post = web.chat.postMessage({ channel: ENGINEERING, text: 'hi' });
  await expect(post).rejects.toMatchObject(refused('not_in_channel'));
  const update = web.chat.update({ channel: ENGINEERING, ts, text: 'hi' });
  await expect(update).rejects.toMatchObject(refused('not_in_channel'));
  expect((await web.conversations.info({ channel: ENGINEERING })).channel).toMatchObject({
    is_member: false,
  });
});

it('tells the app who comes and who goes where it is', async () => {
  const { slack } = await startWorkspace();
  const heard = await hearEvents(slack);

  slack.people.removeMember({ ...inEngineering, user: BO });
  slack.people.invite({ ...inEngineering, user: BO });
  expect(() => slack.people.invite({ ...inEngineering, user: BO })).toThrow('already_in_channel');
  expect(() => slack.people.removeMember({ ...inEngineering, user: 'U0SENTRY00' })).toThrow('not_in_channel');

  await until('four events', () => heard.length === 4);
  expect(heard).toMatchObject([
    { type: 'member_left_channel', user: BO, channel: ENGINEERING, channel_type: 'C' },
    { type: 'message', subtype: 'channel_leave', user: BO },
    { type: 'member_joined_channel', user: BO, inviter: ANA },
    { type: 'message', subtype: 'channel_join', user: BO },
  ]);
});

it('archives a channel, which stops everybody, and unarchives it', async () => {
  const { slack, web } = await startWorkspace();
  const heard = await hearEvents(slack);
  const say = () => web.chat.postMessage({ channel: ALERTS, text: 'hi' });
  const own = {
    as: ANA,
    channel: ALERTS,
    ts: slack.people.post({ as: ANA, channel: ALERTS, text: 'hi' }).ts,
  };

  await act(slack, '/archive', { as: BO, channel: ALERTS });
  await expect(say()).rejects.toMatchObject(refused('is_archived'));
  expect(() => slack.people.post({ as: ANA, channel: ALERTS, text: 'hi' })).toThrow('is_archived');
  expect(() => slack.people.edit({ ...own, text: 'ho' })).toThrow('is_archived');
  expect(() => slack.people.react({ ...own, name: 'eyes' })).toThrow('is_archived');
  expect(() => slack.people.remove(own)).toThrow('is_archived');
  expect(() => slack.people.invite({ as: ANA, channel: ALERTS, user: BOT })).toThrow('is_archived');
  expect(() => slack.people.archive({ as: ANA, channel: ALERTS })).toThrow('already_archived');
  expect(() => slack.people.archive({ as: ANA, channel: GENERAL })).toThrow('cant_archive_general');
  await act(slack, '/unarchive', { as: BO, channel: ALERTS });

  await until('the last notice', () => heard.at(-1)?.['subtype'] === 'channel_unarchive');
  expect(heard.slice(1)).toMatchObject([
    { type: 'message', subtype: 'channel_archive' },
    { type: 'channel_archive', channel: ALERTS, user: BO },
    { type: 'channel_unarchive', channel: ALERTS, user: BO },
    { type: 'message', subtype: 'channel_unarchive' },
  ]);
  expect((await say()).ok).toBe(true);
});

it('renames a channel, to a name that is free and that Slack takes', async () => {
  const { slack, web } = await startWorkspace();
  const heard = await hearEvents(slack);
  const rename = (name: string) => act(slack, '/rename', { ...inEngineering, name });

  expect(await rename('general')).toMatchObject({ error: 'name_taken' });
  expect(await rename('Big Plans')).toMatchObject({ error: 'invalid_name_specials' });
  expect(await rename('x'.repeat(81))).toMatchObject({ error: 'invalid_name_maxlength' });
  expect(await rename('')).toMatchObject({ error: 'invalid_name_required' });
  expect(await rename('product')).toEqual({ ok: true });

  await until('both events', () => heard.length === 2);
  expect(heard).toMatchObject([
    { type: 'channel_rename', channel: { id: ENGINEERING, name: 'product' } },
    { type: 'message', subtype: 'channel_name', old_name: 'engineering', name: 'product', user: ANA },
  ]);
  expect((await web.conversations.info({ channel: ENGINEERING })).channel?.name).toBe('product');
});

it('hides a private channel from the app and from people until they are invited', async () => {
  const { slack, web } = await startWorkspace();
  const heard = await hearEvents(slack);
  const shown: [PageEvent, unknown][] = [];
  slack.onPageEvent((event, audience) => shown.push([event, audience]));
  const channel = (await act(slack, '', { as: ANA, name: 'salaries', isPrivate: true })) as Channel;
  const say = () => web.chat.postMessage({ channel: channel.id, text: 'hi' });
  const listed = async () =>
    (await web.conversations.list({ types: 'private_channel' })).channels?.map((one) => one.name);

  slack.people.post({ as: ANA, channel: channel.id, text: 'secret' });
  expect(shown.map(([, audience]) => audience)).toEqual([[ANA], [ANA]]);
  await expect(say()).rejects.toMatchObject(refused('channel_not_found'));
  await expect(web.conversations.info({ channel: channel.id })).rejects.toMatchObject(
    refused('channel_not_found'),
  );
  expect(await listed()).toEqual([]);
  expect(() => slack.people.invite({ as: BO, channel: channel.id, user: BO })).toThrow('channel_not_found');

  slack.people.invite({ as: ANA, channel: channel.id, user: BOT });
  slack.people.post({ as: ANA, channel: channel.id, text: '@deckhand hello' });
  expect((await say()).ok).toBe(true);
  expect(await listed()).toEqual(['salaries']);
  slack.people.removeMember({ as: ANA, channel: channel.id, user: BOT });
  await expect(say()).rejects.toMatchObject(refused('channel_not_found'));

  await until('the end', () => heard.some((event) => event.type === 'group_left'));
  expect(heard.slice(0, 4)).toMatchObject([
    { type: 'member_joined_channel', channel: channel.id, channel_type: 'G' },
    { subtype: 'channel_join', channel_type: 'group' },
    { type: 'app_mention', channel: channel.id },
    { type: 'message', channel_type: 'group', text: `<@${BOT}> hello` },
  ]);
});

it('keeps private channels, names and archives over a restart', async () => {
  const { slack } = await startWorkspace();
  const channel = slack.people.createChannel({ as: ANA, name: 'plans', isPrivate: true });
  slack.people.rename({ as: ANA, channel: channel.id, name: 'old-plans' });
  slack.people.archive({ as: ANA, channel: channel.id });
  const channels = async (as: string) => {
    const answer = await fetch(`${slack.url}local/api/bootstrap?as=${as}`);
    return ((await answer.json()) as { channels: Channel[] }).channels;
  };

  expect((await channels(ANA)).at(-1)).toMatchObject({
    name: 'old-plans',
    isPrivate: true,
    isArchived: true,
    members: [ANA],
  });
  expect((await channels(BO)).map((one) => one.name)).not.toContain('old-plans');
});

it('tells an app nothing that its manifest does not subscribe to', async () => {
  const manifest = {
    display_information: { name: 'Deaf' },
    features: {},
    oauth_config: { scopes: { bot: ['chat:write'] } },
    settings: { event_subscriptions: { bot_events: ['app_mention'] } },
  };
  const { slack } = await startWorkspace({ manifest });
  const heard = await hearEvents(slack);

  slack.people.invite({ as: ANA, channel: GENERAL, user: BOT });
  slack.people.archive({ as: ANA, channel: ALERTS });
  slack.people.rename({ ...inEngineering, name: 'product' });
  slack.people.post({ as: ANA, channel: GENERAL, text: '@deckhand hello' });

  await until('the mention', () => heard.length > 0 && slack.pendingEvents() === 0);
  expect(heard.map((event) => event.type)).toEqual(['app_mention']);
});
