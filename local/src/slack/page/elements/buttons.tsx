import type { Button, FeedbackButtons, IconButton } from '@slack/types';
import {
  Bookmark,
  Copy,
  Loader2,
  Pencil,
  RotateCw,
  Share2,
  Sparkles,
  ThumbsDown,
  ThumbsUp,
  Trash2,
} from 'lucide-react';
import { useState } from 'react';
import { keyOf, useSurface } from '../blocks/surface.ts';
import { useView } from '../store/hooks.ts';
import { safeUrl } from '../text/entities.ts';
import { PlainText } from '../text/mrkdwn-view.tsx';
import { useConfirm } from './confirm.tsx';

const looks = { primary: 'button button-primary', danger: 'button button-danger' } as const;

/** A button. One with an address opens it in a new tab, and the app hears of the press all the same. */
export function ButtonElement({ element, blockId }: { element: Button; blockId: string }) {
  const surface = useSurface();
  const at = { blockId, actionId: element.action_id ?? '' };
  const isBusy = surface.busy.has(keyOf(at));
  const { ask, dialog } = useConfirm(element.confirm);
  const { type, text, value, style } = element;
  const href = element.url === undefined ? null : safeUrl(element.url);
  const press = () =>
    ask(() => {
      if (href !== null) window.open(href, '_blank', 'noreferrer,noopener');
      surface.press(at, {
        type,
        text,
        ...(value === undefined ? {} : { value }),
        ...(style ? { style } : {}),
      });
    });
  return (
    <>
      <button
        type="button"
        className={style ? looks[style] : 'button'}
        aria-label={element.accessibility_label}
        aria-busy={isBusy}
        disabled={isBusy}
        onClick={press}
      >
        {isBusy ? <Loader2 className="spin" size={14} aria-hidden /> : null}
        <PlainText text={text.text} />
      </button>
      {dialog}
    </>
  );
}

const icons = {
  trash: Trash2,
  delete: Trash2,
  copy: Copy,
  edit: Pencil,
  refresh: RotateCw,
  retry: RotateCw,
  share: Share2,
  bookmark: Bookmark,
} as const;

function isIcon(name: string): name is keyof typeof icons {
  return Object.hasOwn(icons, name);
}

/** A button with an icon; its words are the tooltip. */
export function IconButtonElement({ element, blockId }: { element: IconButton; blockId: string }) {
  const surface = useSurface();
  const me = useView((state) => state.me);
  const { ask, dialog } = useConfirm(element.confirm);
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(me)) return null;
  const at = { blockId, actionId: element.action_id ?? '' };
  const { type, text, value, icon } = element;
  const Icon = isIcon(icon) ? icons[icon] : Sparkles;
  const label = element.accessibility_label ?? text.text;
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={label}
        title={text.text}
        disabled={surface.busy.has(keyOf(at))}
        onClick={() =>
          ask(() => surface.press(at, { type, text, icon, ...(value === undefined ? {} : { value }) }))
        }
      >
        <Icon size={16} />
      </button>
      {dialog}
    </>
  );
}

/** Thumbs up and down; the pressed one stays marked. */
export function FeedbackElement({ element, blockId }: { element: FeedbackButtons; blockId: string }) {
  const surface = useSurface();
  const [given, setGiven] = useState<string | null>(null);
  const at = { blockId, actionId: element.action_id ?? '' };
  const choices = [
    { ...element.positive_button, Icon: ThumbsUp },
    { ...element.negative_button, Icon: ThumbsDown },
  ];
  return choices.map(({ text, value, accessibility_label: label, Icon }) => (
    <button
      key={value}
      type="button"
      className="icon-button"
      aria-label={label ?? text.text}
      title={text.text}
      aria-pressed={given === value}
      onClick={() => {
        setGiven(value);
        surface.press(at, { type: element.type, text, value });
      }}
    >
      <Icon size={16} />
    </button>
  ));
}
