import { UpstreamError } from 'orchestrator/domain';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { startProblem } from './start-problem.ts';

const config = readConfig({ DECKHAND_DATA: '/srv/deckhand' });
const coded = (message: string, fields: object) => Object.assign(new Error(message), fields);
const said = (error: Error) => startProblem(error, config);

describe('a start that failed for what a person can mend', () => {
  it.each([
    [coded('listen', { code: 'EADDRINUSE', port: 4401 }), /^Port 4401 is taken.* WORKSPACE_PORT /],
    [coded('listen', { code: 'EACCES', port: 4400 }), /^Port 4400 may not be used.* CONSOLE_PORT /],
    [
      coded('file is not a database', { errcode: 26 }),
      /is damaged.*move the folder away[\s\S]*\/srv\/deckhand/,
    ],
    [coded('database or disk is full', { errcode: 13 }), /disk is full[\s\S]*DECKHAND_DATA/],
    [coded('ENOSPC: no space left', { code: 'ENOSPC' }), /cannot write what it keeps[\s\S]*DECKHAND_DATA/],
    [new UpstreamError('slack.unreachable', 'Slack does not answer.'), /^Slack does not answer\.$/],
  ])('says what and where, without a stack: %s', (error, sentence) => {
    expect(said(error)).toMatch(sentence);
    expect(said(error)).not.toContain('    at ');
  });

  it('names both parts that were given one port', () => {
    const same = readConfig({ CONSOLE_PORT: '4401' });
    const sentence = startProblem(coded('listen', { code: 'EADDRINUSE', port: 4401 }), same);
    expect(sentence).toContain('CONSOLE_PORT or WORKSPACE_PORT');
  });
});

it('shows where a bug is', () => {
  expect(said(new TypeError('a bug'))).toContain('    at ');
});
