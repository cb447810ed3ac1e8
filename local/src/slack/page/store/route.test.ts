import { describe, expect, it } from 'vitest';
import { hashOf, hashOfPermalink, parseRoute } from './route.ts';

const root = '1795418039.531000';
const reply = '1795418040.000001';

describe('addresses', () => {
  it('reads back what it writes', () => {
    expect(parseRoute(hashOf({ channel: 'C1' }))).toEqual({
      page: 'channel',
      channel: 'C1',
      threadTs: null,
      focus: null,
    });
    expect(parseRoute(hashOf({ channel: 'C1', threadTs: root }))).toEqual({
      page: 'channel',
      channel: 'C1',
      threadTs: root,
      focus: root,
    });
    expect(parseRoute(hashOf({ channel: 'C1', threadTs: root, reply }))).toEqual({
      page: 'channel',
      channel: 'C1',
      threadTs: root,
      focus: reply,
    });
  });

  it('knows the two sides of the app', () => {
    expect(parseRoute('#/app/home')).toEqual({ page: 'app', tab: 'home' });
    expect(parseRoute('#/app/messages')).toEqual({ page: 'app', tab: 'messages' });
  });

  it('knows the faults and the calls of the app', () => {
    expect(parseRoute('#/faults')).toEqual({ page: 'faults', tab: 'faults' });
    expect(parseRoute('#/faults/calls')).toEqual({ page: 'faults', tab: 'calls' });
  });

  it.each(['', '#', '#/', '#/../x', '#/c1', '#/<script>'])('starts at the beginning for %j', (hash) => {
    expect(parseRoute(hash)).toEqual({ page: 'start' });
  });

  it('leaves a timestamp out that is none', () => {
    expect(parseRoute('#/C1/abc')).toEqual({ page: 'channel', channel: 'C1', threadTs: null, focus: null });
  });

  it('understands the permalinks that apps post', () => {
    expect(hashOfPermalink('/archives/C1/p1795418039531000')).toBe(`#/C1/${root}`);
    expect(hashOfPermalink(`/archives/C1/p1795418040000001?thread_ts=${root}&cid=C1`)).toBe(
      `#/C1/${reply}?thread_ts=${root}`,
    );
    expect(hashOfPermalink('/archives/C1')).toBe('#/C1');
    expect(hashOfPermalink('/files/F1/x.png')).toBeNull();
  });
});
