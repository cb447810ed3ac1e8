import { setTimeout as delay } from 'node:timers/promises';
import type { PullRequestInfo } from 'orchestrator/compose';
import { z } from 'zod';
import { readServerSentEvents } from './server-sent-events.ts';
import { type HostAddress, pullRequestInfo } from './wire.ts';

type Listener = (pullRequest: PullRequestInfo) => void | Promise<void>;
type Follower = { readonly host: HostAddress; readonly listener: Listener; readonly signal: AbortSignal };

const firstPauseMs = 200;
const longestPauseMs = 10_000;
/** The host says something every 15 seconds; three times that without a word is a dead connection. */
const silenceMs = 45_000;
/** How often a listener that throws hears the same change. */
const tellings = 5;

const snapshot = z.object({ pullRequests: z.array(pullRequestInfo), lastEventId: z.number() });

/** Follows all pull requests of a host until the signal aborts; see `createLocalCodeHost`. */
export function followPullRequests(follower: Follower): void {
  void keepFollowing(follower);
}

type Place = {
  /** The last event that was told; `null` before the state of everything has been read. */
  lastId: number | null;
  /** How often the listener threw, by pull request. */
  readonly failures: Map<string, number>;
};

async function keepFollowing(follower: Follower): Promise<void> {
  const { signal } = follower;
  const place: Place = { lastId: null, failures: new Map() };
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    const before = place.lastId;
    try {
      await followOnce(follower, place);
    } catch {
      // Whatever it was, the host that went away or a listener that threw: the next round begins where this one was.
    }
    pauseMs = place.lastId === before ? Math.min(pauseMs * 2, longestPauseMs) : firstPauseMs;
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

async function followOnce(follower: Follower, place: Place): Promise<void> {
  if (place.lastId === null) {
    const response = await ask(follower, 'pulls', follower.signal);
    const { pullRequests, lastEventId } = snapshot.parse(await response.json());
    for (const pullRequest of pullRequests.reverse()) await tell(follower, place, pullRequest);
    place.lastId = lastEventId;
  }
  const silence = createSilenceAlarm();
  const signal = AbortSignal.any([follower.signal, silence.signal]);
  try {
    const response = await ask(follower, `events?after=${place.lastId}`, signal);
    if (response.status === 410) {
      place.lastId = null;
      return;
    }
    if (!response.ok || !response.body) return;
    for await (const event of readServerSentEvents(response.body, silence.heard)) {
      const id = Number(event.id);
      if (event.type.startsWith('pull_request.')) {
        await tell(follower, place, pullRequestInfo.parse(JSON.parse(event.data)));
      }
      place.lastId = id;
    }
  } finally {
    silence.stop();
  }
}

async function tell(
  { listener, signal }: Follower,
  place: Place,
  pullRequest: PullRequestInfo,
): Promise<void> {
  signal.throwIfAborted();
  const key = `${pullRequest.repository}#${pullRequest.number}`;
  try {
    await listener(pullRequest);
    place.failures.delete(key);
  } catch (error) {
    const failures = (place.failures.get(key) ?? 0) + 1;
    place.failures.set(key, failures);
    if (failures < tellings) throw error;
    // One change that cannot be handled must not keep all later ones back.
    place.failures.delete(key);
  }
}

function ask({ host }: Follower, path: string, signal: AbortSignal): Promise<Response> {
  return fetch(`${host.url}/api/${path}`, { headers: { authorization: `Bearer ${host.token}` }, signal });
}

function createSilenceAlarm() {
  const alarm = new AbortController();
  const timer = setTimeout(() => alarm.abort(), silenceMs);
  return { signal: alarm.signal, heard: () => timer.refresh(), stop: () => clearTimeout(timer) };
}
