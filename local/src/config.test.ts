import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('the configuration', () => {
  it('needs nothing: stand-ins play what is not set', () => {
    expect(readConfig({})).toMatchObject({
      slack: null,
      model: null,
      ports: { console: 4400, workspace: 4401, gitHost: 4402 },
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ SLACK_BOT_TOKEN: '', ANTHROPIC_API_KEY: ' ', CONSOLE_PORT: '' })).toEqual(
      readConfig({}),
    );
  });

  it('tells every problem at once, in words that help', () => {
    const read = () =>
      readConfig({
        CONSOLE_PORT: 'abc',
        SLACK_BOT_TOKEN: 'xoxp-1',
        SLACK_APP_TOKEN: '',
        MODEL_BASE_URL: 'http://127.0.0.1:1/v1',
      });
    expect(read).toThrow(/CONSOLE_PORT: a port number/);
    expect(read).toThrow(/SLACK_BOT_TOKEN: a bot token begins with xoxb-/);
  });

  it('says in words of its own what every variable has to be', () => {
    const wrong = (environment: Record<string, string>) => () => readConfig(environment);
    expect(wrong({ RUN_TIMEOUT_MS: 'an hour' })).toThrow(/RUN_TIMEOUT_MS: a number of milliseconds/);
    // A timer takes it for no wait at all: every run would end at once.
    expect(wrong({ RUN_TIMEOUT_MS: '9999999999' })).toThrow(/RUN_TIMEOUT_MS: .* to 2147483647/);
    expect(wrong({ QUESTION_TIMEOUT_MS: '5' })).toThrow(/QUESTION_TIMEOUT_MS: a number of milliseconds/);
    expect(wrong({ LOG_LEVEL: 'loud' })).toThrow(/LOG_LEVEL: one of debug, info, warn, error/);
    expect(wrong({ DEMO_PACE: 'slow' })).toThrow(/DEMO_PACE: one of demo, fast/);
    expect(wrong({ MODEL_BASE_URL: 'localhost:1234/v1', MODEL: 'm' })).toThrow(/MODEL_BASE_URL: an address/);
    expect(wrong({ SLACK_API_URL: 'localhost:1234' })).toThrow(/SLACK_API_URL: an address/);
  });

  it('cuts what stands around a token that was copied', () => {
    const { slack } = readConfig({ SLACK_BOT_TOKEN: ' xoxb-1\n', SLACK_APP_TOKEN: 'xapp-1 ' });
    expect(slack).toMatchObject({ botToken: 'xoxb-1', appToken: 'xapp-1' });
  });

  it('wants both tokens of Slack, and a name for a model at an address of one’s own', () => {
    expect(() => readConfig({ SLACK_BOT_TOKEN: 'xoxb-1' })).toThrow(
      /SLACK_APP_TOKEN: needed with SLACK_BOT_TOKEN/,
    );
    expect(() => readConfig({ MODEL_BASE_URL: 'http://127.0.0.1:1/v1' })).toThrow(
      /MODEL: needed with MODEL_BASE_URL/,
    );
  });

  it('takes the first model that is set, with its price', () => {
    expect(readConfig({ OPENAI_API_KEY: 'sk-2', ANTHROPIC_API_KEY: 'sk-1' }).model).toMatchObject({
      kind: 'anthropic',
      key: 'sk-1',
    });
    const own = readConfig({ MODEL_BASE_URL: 'http://127.0.0.1:1/v1', MODEL: 'm', MODEL_PRICE: '3,15,0.3' });
    expect(own.model).toMatchObject({ kind: 'custom', price: { input: 3, output: 15, cacheRead: 0.3 } });
  });
});
