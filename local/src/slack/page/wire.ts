import type { View } from '@slack/types';
import * as z from 'zod';
import type {
  AppStatus,
  Bootstrap,
  CallFault,
  CallLine,
  Channel,
  EventFault,
  FaultState,
  LatestCalls,
  Message,
  MessagePage,
  OpenView,
  PageEvent,
  Person,
  SlackFile,
} from '../page-api.ts';

// Blocks are written by the app under test and checked when they are drawn: here only that each has a type.
const block = z.looseObject({ type: z.string(), block_id: z.string().exactOptional() });

const person: z.ZodType<Person> = z.object({
  id: z.string(),
  name: z.string(),
  realName: z.string(),
  title: z.string(),
  isBot: z.boolean(),
  color: z.string(),
});

/** A channel or a direct conversation. */
export const channelSchema: z.ZodType<Channel> = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['channel', 'dm']),
  isPrivate: z.boolean(),
  topic: z.string(),
  members: z.array(z.string()),
  isArchived: z.boolean(),
});

/** An uploaded file. */
export const fileSchema: z.ZodType<SlackFile> = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  mimetype: z.string(),
  size: z.number(),
  url: z.string(),
});

const attachment = z.looseObject({
  color: z.string().exactOptional(),
  blocks: z.array(block).exactOptional(),
  text: z.string().exactOptional(),
});

const message: z.ZodType<Message> = z.object({
  channel: z.string(),
  ts: z.string(),
  threadTs: z.string().exactOptional(),
  user: z.string(),
  botId: z.string().exactOptional(),
  subtype: z.string().exactOptional(),
  text: z.string(),
  blocks: z.array(block).exactOptional(),
  attachments: z.array(attachment).exactOptional(),
  files: z.array(fileSchema).exactOptional(),
  reactions: z.array(z.object({ name: z.string(), users: z.array(z.string()) })),
  editedTs: z.string().exactOptional(),
  ephemeralFor: z.string().exactOptional(),
  replyCount: z.number(),
  replyUsers: z.array(z.string()),
  latestReply: z.string().exactOptional(),
});

const shortcut = z.object({ callbackId: z.string(), name: z.string() });

const app: z.ZodType<AppStatus> = z.object({
  sockets: z.number(),
  botUserId: z.string(),
  name: z.string(),
  commands: z.array(z.object({ command: z.string(), description: z.string(), usageHint: z.string() })),
  messageShortcuts: z.array(shortcut),
  globalShortcuts: z.array(shortcut),
});

const callFault: z.ZodType<CallFault> = z.object({
  id: z.string(),
  method: z.string(),
  skip: z.number(),
  left: z.number(),
  delayMs: z.number(),
  status: z.number().nullable(),
  retryAfterSeconds: z.number(),
  error: z.string().nullable(),
  dropAnswer: z.boolean(),
});

const eventFault: z.ZodType<EventFault> = z.object({
  id: z.string(),
  kind: z.enum(['duplicate', 'redeliver', 'late']),
  eventType: z.string(),
  left: z.number(),
  delayMs: z.number(),
});

const faults: z.ZodType<FaultState> = z.object({
  isDown: z.boolean(),
  rateLimits: z.boolean(),
  calls: z.array(callFault),
  events: z.array(eventFault),
  heldEvents: z.number(),
});

const callLine: z.ZodType<CallLine> = z.object({
  id: z.number(),
  method: z.string(),
  at: z.number(),
  tookMs: z.number(),
  args: z.record(z.string(), z.string()),
  status: z.number(),
  error: z.string().nullable(),
  retryAfterSeconds: z.number().nullable(),
  isDropped: z.boolean(),
  isFault: z.boolean(),
});

/** The last Web API calls, newest first. */
export const latestCallsSchema: z.ZodType<LatestCalls> = z.object({ calls: z.array(callLine) });

/** What the page needs to start. */
export const bootstrapSchema: z.ZodType<Bootstrap> = z.object({
  team: z.object({ id: z.string(), name: z.string(), domain: z.string() }),
  people: z.array(person),
  channels: z.array(channelSchema),
  app,
  notice: z.string().nullable(),
  faults,
  faultChoices: z.object({ methods: z.array(z.string()), eventTypes: z.array(z.string()) }),
});

/** A page of messages, newest last. */
export const messagePageSchema: z.ZodType<MessagePage> = z.object({
  messages: z.array(message),
  hasMore: z.boolean(),
});

// A view is checked as far as the page relies on it; its blocks are checked when they are drawn.
const viewSchema = z.custom<View>((value) => viewShape.safeParse(value).success);
const openViewSchema = z.custom<OpenView>(
  (value) => viewShape.extend({ id: z.string() }).safeParse(value).success,
);
const viewShape = z.looseObject({ type: z.string(), blocks: z.array(block) });

/** The published Home of the app, null before the first. */
export const homeSchema = z.object({ view: viewSchema.nullable() });

/** The modals that are open for a person, the top one last. */
export const viewsSchema = z.object({ views: z.array(openViewSchema) });

/** What pressing, submitting or running something came to. */
export const outcomeSchema = z.object({
  ok: z.boolean(),
  warning: z.string().exactOptional(),
  errors: z.record(z.string(), z.string()).exactOptional(),
});
/** What pressing, submitting or running something came to. */
export type Outcome = z.infer<typeof outcomeSchema>;

/** One server-sent event. */
export const pageEventSchema: z.ZodType<PageEvent> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), message }),
  z.object({ type: z.literal('message_changed'), message }),
  z.object({
    type: z.literal('message_deleted'),
    channel: z.string(),
    ts: z.string(),
    threadTs: z.string().exactOptional(),
  }),
  z.object({ type: z.literal('channel'), channel: channelSchema }),
  z.object({ type: z.literal('view_opened'), view: openViewSchema }),
  z.object({ type: z.literal('view_pushed'), view: openViewSchema }),
  z.object({ type: z.literal('view_updated'), view: openViewSchema }),
  z.object({ type: z.literal('view_closed'), viewId: z.string() }),
  z.object({ type: z.literal('home'), view: viewSchema }),
  z.object({ type: z.literal('status'), channel: z.string(), threadTs: z.string(), text: z.string() }),
  z.object({ type: z.literal('app'), app }),
  z.object({ type: z.literal('faults'), faults }),
  z.object({ type: z.literal('calls'), calls: z.array(callLine) }),
  z.object({ type: z.literal('channel_gone'), channel: z.string() }),
]);
