import type { Person } from './page-api.ts';

/** A person or bot of the workspace, with what only the Web API shows. */
export type User = Person & {
  readonly email: string;
  readonly isGuest: boolean;
  /** For bots: the id that their messages carry beside the user id. */
  readonly botId: string | null;
  readonly appId: string | null;
};

export const TEAM = { id: 'T0DECKHAND', name: 'Deckhand Demo', domain: 'deckhand-demo' } as const;
export const APP_ID = 'A0DECKHAND';
export const BOT_ID = 'B0DECKHAND';
export const BOT_USER_ID = 'U0DECKHAND';

/** Slack itself, where it speaks to people and apps. */
export const SLACKBOT_ID = 'USLACKBOT';
/** The channel that cannot be archived. */
export const GENERAL_ID = 'C0GENERAL0';

/** Sentry's app id in Slack's cloud: alerts in #alerts carry it, so that the app can trust them. */
const SENTRY_APP_ID = 'A011MFBJEUU';

type Sketch = Pick<User, 'id' | 'name' | 'realName' | 'title' | 'color'> & Partial<User>;

function user(sketch: Sketch): User {
  return {
    isBot: false,
    isGuest: false,
    botId: null,
    appId: null,
    email: `${sketch.name}@deckhand-demo.test`,
    ...sketch,
  };
}

/** Who is in a new workspace. Ids are fixed, so links and stored sessions survive a fresh data folder. */
export const USERS: readonly User[] = [
  user({ id: 'U0ANALIMA0', name: 'ana', realName: 'Ana Lima', title: 'Engineer', color: '#b4532a' }),
  user({ id: 'U0BOCHEN00', name: 'bo', realName: 'Bo Chen', title: 'Engineering manager', color: '#2f6f5e' }),
  user({
    id: 'U0CHIDI000',
    name: 'chidi',
    realName: 'Chidi Okafor',
    title: 'Viewer (guest)',
    color: '#5b5ea6',
    isGuest: true,
  }),
  user({
    id: BOT_USER_ID,
    name: 'deckhand',
    realName: 'Deckhand',
    title: 'Background coding agent',
    color: '#1d2433',
    isBot: true,
    botId: BOT_ID,
    appId: APP_ID,
  }),
  user({
    id: 'U0SENTRY00',
    name: 'sentry',
    realName: 'Sentry',
    title: 'Error monitoring',
    color: '#6a5fc1',
    isBot: true,
    botId: 'B0SENTRY00',
    appId: SENTRY_APP_ID,
  }),
  user({ id: SLACKBOT_ID, name: 'slackbot', realName: 'Slackbot', title: '', color: '#6b4c7a', isBot: true }),
];

const PEOPLE = ['U0ANALIMA0', 'U0BOCHEN00', 'U0CHIDI000'];

export const CHANNELS = [
  {
    id: 'C0ENGINEER',
    name: 'engineering',
    topic: 'Where the work happens. Mention @deckhand with a bug or a small feature.',
    members: [...PEOPLE, BOT_USER_ID],
  },
  { id: GENERAL_ID, name: 'general', topic: 'Announcements and everything else', members: PEOPLE },
  {
    id: 'C0ALERTS00',
    name: 'alerts',
    topic: 'Sentry posts here',
    members: [...PEOPLE, BOT_USER_ID, 'U0SENTRY00'],
  },
] as const;
