import { useLocation } from '@remix-run/react';
import type { Entry } from 'orchestrator/domain';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Player } from './player.ts';

export const SPEEDS = [1, 2, 4, 8, 16, 32] as const;
type Speed = (typeof SPEEDS)[number];

export type Replay = {
  /** The entry that has just happened. */
  readonly index: number;
  readonly timeMs: number;
  readonly playing: boolean;
  readonly speed: Speed;
  readonly setSpeed: (speed: Speed) => void;
  readonly toggle: () => void;
  readonly step: (by: number) => void;
  readonly jump: (index: number) => void;
  readonly seek: (timeMs: number) => void;
};

/** The position of a replay and what moves it: time, the transport, the keyboard, the address. */
export function useReplay(player: Player, entries: readonly Entry[]): Replay {
  const [timeMs, setTimeMs] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(4);
  const index = Math.max(0, player.indexAt(timeMs));

  const seek = useCallback((to: number) => setTimeMs(Math.min(Math.max(0, to), player.durationMs)), [player]);
  const jump = useCallback(
    (to: number) => {
      const target = Math.min(Math.max(0, to), player.length - 1);
      setPlaying(false);
      // Entries of one instant share a time; the last of them is where that time leads.
      setTimeMs(player.timeOf(target));
    },
    [player],
  );
  const step = useCallback((by: number) => jump(nextPlace(player, index, by)), [player, index, jump]);
  const toggle = useCallback(() => {
    if (timeMs >= player.durationMs) setTimeMs(0);
    setPlaying(!playing);
  }, [timeMs, playing, player.durationMs]);

  useTicking({ playing, speed, durationMs: player.durationMs, setTimeMs, onEnd: () => setPlaying(false) });
  useAddress({ player, seq: entries[index]?.seq ?? 0, playing, jump });
  useKeys({ toggle, step });
  return { index, timeMs, playing, speed, setSpeed, toggle, step, jump, seek };
}

/** The next entry in a direction that is at another time: those of one instant are one step. */
function nextPlace(player: Player, index: number, by: number): number {
  const here = player.timeOf(index);
  let place = index + by;
  while (place > 0 && place < player.length - 1 && player.timeOf(place) === here) place += Math.sign(by);
  return place;
}

function useTicking(options: {
  readonly playing: boolean;
  readonly speed: number;
  readonly durationMs: number;
  readonly setTimeMs: (next: (before: number) => number) => void;
  readonly onEnd: () => void;
}): void {
  const { playing, speed, durationMs, setTimeMs } = options;
  const end = useRef(options.onEnd);
  end.current = options.onEnd;
  useEffect(() => {
    if (!playing) return;
    let last = performance.now();
    let frame = requestAnimationFrame(function tick(now) {
      const passed = (now - last) * speed;
      last = now;
      setTimeMs((before) => {
        const next = Math.min(before + passed, durationMs);
        if (next >= durationMs) queueMicrotask(() => end.current());
        return next;
      });
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, speed, durationMs, setTimeMs]);
}

/** The address names the moment, so that it can be sent to somebody; it is left alone while time runs. */
function useAddress(options: {
  readonly player: Player;
  readonly seq: number;
  readonly playing: boolean;
  readonly jump: (index: number) => void;
}): void {
  const { player, seq, playing, jump } = options;
  const { hash } = useLocation();
  const arrived = useRef(false);
  useEffect(() => {
    const wanted = Number(/^#seq=(\d+)$/.exec(hash)?.[1] ?? 0);
    if (arrived.current || wanted === 0) return;
    const index = player.indexOf(wanted);
    // The part of the log that holds the moment may still be on its way.
    arrived.current = index < player.length - 1;
    jump(index);
  }, [hash, player, jump]);
  const moved = useRef(false);
  useEffect(() => {
    if (!moved.current) {
      moved.current = true;
      return;
    }
    if (!playing) window.history.replaceState(window.history.state, '', `#seq=${seq}`);
  }, [seq, playing]);
}

function useKeys({ toggle, step }: Pick<Replay, 'toggle' | 'step'>): void {
  useEffect(() => {
    const actions = new Map([
      [' ', toggle],
      ['ArrowRight', () => step(1)],
      ['ArrowLeft', () => step(-1)],
    ]);
    function onKey(event: KeyboardEvent) {
      const act = actions.get(event.key);
      if (!act || event.ctrlKey || event.metaKey || event.altKey || hasUseOfKeys(event.target)) return;
      event.preventDefault();
      act();
    }
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [toggle, step]);
}

/** Fields, buttons and the slider do something of their own with these keys. */
function hasUseOfKeys(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, button, a, [role="slider"]') !== null
  );
}
