import type { AnyBlock } from '@slack/types';
import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { Press, PressedAction, StateValues } from '../../page-api.ts';
import { useWorkspace } from '../store/hooks.ts';
import { currentValues, type ElementValue, elementValue } from './values.ts';

/** Where an element is: the block and action ids that go with everything it sends. */
export type At = { readonly blockId: string; readonly actionId: string };

/** What blocks are drawn on: a message, a modal or the Home. It holds the values and sends what is pressed. */
export type Surface = {
  readonly kind: 'message' | 'modal' | 'home';
  readonly values: StateValues;
  /** What the app said about an input, by block id. */
  readonly errors: Readonly<Record<string, string>>;
  /** Elements whose press the app has not taken yet, by `keyOf`. */
  readonly busy: ReadonlySet<string>;
  readonly warning: string | null;
  /** Changes the value of an element without telling the app. */
  readonly set: (at: At, value: ElementValue) => void;
  /** Tells the app of a press or a changed value. */
  readonly press: (at: At, action: ElementValue) => void;
};

/** The surface for the blocks below. */
export const SurfaceContext = createContext<Surface | null>(null);

/** The surface that a block is drawn on. */
export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error('a block is outside of a surface');
  return surface;
}

/** The key of an element in `Surface.busy`. */
export function keyOf({ blockId, actionId }: At): string {
  return `${blockId}/${actionId}`;
}

const noErrors = {};

/** Makes the surface of a message, modal or Home. */
export function useNewSurface(given: {
  kind: Surface['kind'];
  container: Press['container'];
  blocks: readonly AnyBlock[];
  errors?: Readonly<Record<string, string>>;
}): Surface {
  const { kind, container, blocks, errors = noErrors } = given;
  const workspace = useWorkspace();
  const [chosen, setChosen] = useState<StateValues>({});
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [warning, setWarning] = useState<string | null>(null);
  const values = useMemo(() => currentValues(blocks, chosen), [blocks, chosen]);

  const set = useCallback((at: At, value: ElementValue) => setChosen((now) => withValue(now, at, value)), []);

  const send = async (at: At, action: ElementValue) => {
    const key = keyOf(at);
    setBusy((now) => new Set(now).add(key));
    setWarning(null);
    const pressed: PressedAction = { ...action, action_id: at.actionId, block_id: at.blockId };
    const state = values[at.blockId]?.[at.actionId] ? withValue(values, at, action) : values;
    setWarning(await workspace.press({ container, action: pressed, state }));
    setBusy((now) => new Set([...now].filter((one) => one !== key)));
  };

  return { kind, values, errors, busy, warning, set, press: (at, action) => void send(at, action) };
}

/** One element as a control: its value and how to change it. `tells` sends each change to the app. */
export function useField<T>(
  element: { type: string; action_id?: string },
  at: { blockId: string; tells: boolean },
) {
  const surface = useSurface();
  const place = { blockId: at.blockId, actionId: element.action_id ?? '' };
  const field = Object.entries(surface.values[place.blockId]?.[place.actionId] ?? {}).find(
    ([key]) => key !== 'type',
  );
  const change = (value: T) => {
    const next = elementValue(element.type, value);
    surface.set(place, next);
    if (at.tells) surface.press(place, next);
  };
  /** Changes the value and leaves telling the app for later, as while a text is typed. */
  const draft = (value: T) => surface.set(place, elementValue(element.type, value));
  const tell = () => {
    const value = surface.values[place.blockId]?.[place.actionId];
    if (at.tells && value) surface.press(place, value);
  };
  return { value: field?.[1], change, draft, tell, isBusy: surface.busy.has(keyOf(place)) };
}

function withValue(values: StateValues, { blockId, actionId }: At, value: ElementValue): StateValues {
  return { ...values, [blockId]: { ...values[blockId], [actionId]: value } };
}
