import type { MultiSelect, MultiStaticSelect, PlainTextOption, Select, StaticSelect } from '@slack/types';
import { ChevronDown } from 'lucide-react';
import { useField } from '../blocks/surface.ts';
import { useChannels, usePeople } from '../store/hooks.ts';
import { emojiOf } from '../text/emoji.ts';
import { type Inline, parsePlain } from '../text/mrkdwn.ts';
import { Menu, MenuLabel, MenuTick } from '../widgets/menu.tsx';
import { useConfirm } from './confirm.tsx';
import { idsIn, isOption, optionsIn } from './options.ts';

type Item = { readonly key: string; readonly label: string; readonly value: unknown };
type Group = { readonly label: string | null; readonly items: readonly Item[] };
type Props<T> = {
  readonly element: T;
  readonly blockId: string;
  readonly tells: boolean;
  readonly label?: string | undefined;
};

/** A choice of one. */
export function SelectElement({ element, blockId, tells, label }: Props<Select>) {
  const groups = useGroups(element);
  const { value, change, isBusy } = useField<unknown>(element, { blockId, tells });
  const { ask, dialog } = useConfirm(element.confirm);
  const key = isOption(value) ? optionKey(value) : String(value ?? '');
  const items = groups.flatMap((group) => group.items);
  const placeholder = plain(element.placeholder?.text ?? 'Choose…');
  const choose = (chosen: string) =>
    ask(() => change(items.find((item) => item.key === chosen)?.value ?? null));
  return (
    <span className="select">
      <select
        aria-label={label ?? placeholder}
        value={key}
        disabled={isBusy}
        className={key === '' ? 'is-placeholder' : ''}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="" disabled={tells} hidden={tells}>
          {items.length === 0 ? 'Nothing to choose from' : placeholder}
        </option>
        {groups.map((group) => (
          <OptionGroup key={group.label ?? ''} group={group} />
        ))}
      </select>
      <ChevronDown size={14} aria-hidden />
      {dialog}
    </span>
  );
}

function OptionGroup({ group }: { group: Group }) {
  const options = group.items.map((item) => (
    <option key={item.key} value={item.key}>
      {item.label}
    </option>
  ));
  return group.label === null ? options : <optgroup label={group.label}>{options}</optgroup>;
}

/** A choice of several. */
export function MultiSelectElement({ element, blockId, tells, label }: Props<MultiSelect>) {
  const groups = useGroups(element);
  const { value, draft, tell, isBusy } = useField<unknown[]>(element, { blockId, tells });
  const isStatic = element.type === 'multi_static_select' || element.type === 'multi_external_select';
  const chosen: { key: string; value: unknown }[] = isStatic
    ? optionsIn(value).map((option) => ({ key: optionKey(option), value: option }))
    : idsIn(value).map((id) => ({ key: id, value: id }));
  const items = groups.flatMap((group) => group.items);
  const has = (item: Item) => chosen.some((one) => one.key === item.key);
  const isFull = chosen.length >= (element.max_selected_items ?? Number.POSITIVE_INFINITY);
  const toggle = (item: Item) => {
    if (!has(item) && isFull) return;
    const next = has(item) ? chosen.filter((one) => one.key !== item.key) : [...chosen, item];
    draft(next.map((one) => one.value));
  };
  const names = chosen.map((one) => items.find((item) => item.key === one.key)?.label ?? one.key);
  const trigger = (
    <button type="button" className="button multi-select" aria-label={label} disabled={isBusy}>
      <span>{names.join(', ') || plain(element.placeholder?.text ?? 'Choose…')}</span>
      <ChevronDown size={14} aria-hidden />
    </button>
  );
  return (
    // The app hears of the whole choice once, when the menu closes.
    <Menu trigger={trigger} onOpenChange={(open) => !open && tell()}>
      {items.length === 0 ? <MenuLabel>Nothing to choose from</MenuLabel> : null}
      {items.map((item) => (
        <MenuTick key={item.key} checked={has(item)} onChange={() => toggle(item)}>
          {item.label}
        </MenuTick>
      ))}
    </Menu>
  );
}

function useGroups(element: Select | MultiSelect): readonly Group[] {
  const people = usePeople();
  const channels = useChannels();
  switch (element.type) {
    case 'users_select':
    case 'multi_users_select':
      return [
        { label: null, items: people.map(({ id, realName }) => ({ key: id, label: realName, value: id })) },
      ];
    case 'channels_select':
    case 'multi_channels_select':
      return [{ label: null, items: channels.filter((one) => one.kind === 'channel').map(channelItem) }];
    case 'conversations_select':
    case 'multi_conversations_select':
      return [{ label: null, items: channels.map(channelItem) }];
    case 'static_select':
    case 'multi_static_select':
      return staticGroups(element);
    case 'external_select':
    case 'multi_external_select':
      return [];
  }
}

function channelItem({ id, name, kind }: { id: string; name: string; kind: string }): Item {
  return { key: id, label: kind === 'channel' ? `#${name}` : name, value: id };
}

function staticGroups(element: StaticSelect | MultiStaticSelect): readonly Group[] {
  const groups = element.option_groups?.map(({ label, options }) => ({
    label: plain(label.text),
    items: options.map(optionItem),
  }));
  return groups ?? [{ label: null, items: (element.options ?? []).map(optionItem) }];
}

function optionItem(option: PlainTextOption): Item {
  return { key: optionKey(option), label: plain(option.text.text), value: option };
}

function optionKey(option: PlainTextOption): string {
  return option.value ?? option.text.text;
}

/** The words of a plain text for places that take no elements. */
function plain(text: string): string {
  return parsePlain(text).map(wordsOf).join('');
}

function wordsOf(node: Inline): string {
  if (node.type === 'emoji') return emojiOf(node.name) ?? `:${node.name}:`;
  return node.type === 'text' ? node.text : '';
}
