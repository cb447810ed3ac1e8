import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../orchestrator/src/testing/until.ts';
import type { RunningSlackApp } from '../../slack-app/src/main.ts';
import { type Bench, createBench } from '../slack-app/bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

const connection = async (app: RunningSlackApp) => (await app.delivery.health()).connection;

describe('an app-level token that Slack refuses while we run', () => {
  it('is named, asked about at times, and people are heard again when it is good', async () => {
    const app = await bench.start({ timing: { probeEveryMs: 300 } });
    await until(() => app.health().sockets === 2, 'two sockets');
    bench.slack.faults.add({ method: 'apps.connections.open', error: 'invalid_auth', times: 4 });
    bench.slack.faults.disconnect('link_disabled');
    await until(async () => (await connection(app)).state === 'refused', 'it is said');
    expect((await connection(app)).problem).toContain('SLACK_APP_TOKEN');
    await until(async () => (await connection(app)).state === 'connected', 'it is mended');
    await bench.shown(bench.say('@deckhand fix the failing test'), 'fix the failing test');
  });
});

describe('a start while Slack is down', () => {
  it('goes on with what it knows, and hears people as soon as Slack is there', async () => {
    await bench.start();
    await bench.stop();
    bench.slack.faults.setDown(true);
    const app = await bench.start();
    expect(await connection(app)).toMatchObject({ state: 'connecting', problem: 'Slack does not answer.' });
    const root = bench.say('@deckhand fix the failing test');
    bench.slack.faults.setDown(false);
    await bench.shown(root, 'fix the failing test');
    expect((await connection(app)).state).toBe('connected');
  });

  it('says so in one sentence where it was never connected before', async () => {
    bench.slack.faults.setDown(true);
    await expect(bench.start()).rejects.toThrow(/^Slack does not answer/);
    bench.slack.faults.setDown(false);
  });
});

describe('a start with an app-level token that may not open connections', () => {
  it('ends with one sentence', async () => {
    bench.slack.faults.add({ method: 'apps.connections.open', error: 'missing_scope' });
    await expect(bench.start()).rejects.toThrow(/^Slack does not accept SLACK_APP_TOKEN: missing_scope/);
  });
});
