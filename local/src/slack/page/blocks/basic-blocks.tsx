import type {
  ActionsBlock,
  AlertBlock,
  ContextActionsBlock,
  ContextBlock,
  FileBlock,
  HeaderBlock,
  ImageBlock,
  SectionBlock,
  VideoBlock,
} from '@slack/types';
import { AlertTriangle, Bell, CheckCircle2, File, Info, OctagonAlert, PlayCircle } from 'lucide-react';
import { useState } from 'react';
import { BlockElement } from '../elements/element.tsx';
import { OutLink } from '../text/mention.tsx';
import { PlainText } from '../text/mrkdwn-view.tsx';
import { Lightbox } from '../widgets/lightbox.tsx';
import { placeKey } from '../widgets/place-key.ts';
import { BlockImage, imageUrl } from './image.tsx';
import { TextView } from './text-view.tsx';

/** Text, fields in two columns, and one element beside them. */
export function Section({ block }: { block: SectionBlock }) {
  return (
    <div className="block section">
      <div className="section-main">
        {block.text ? <TextView text={block.text} /> : null}
        {block.fields ? (
          <div className="section-fields">
            {block.fields.map((field, index) => (
              <div key={placeKey(index)}>
                <TextView text={field} />
              </div>
            ))}
          </div>
        ) : null}
      </div>
      {block.accessory ? (
        <BlockElement element={block.accessory} blockId={block.block_id ?? ''} tells />
      ) : null}
    </div>
  );
}

/** A large line. */
export function Header({ block }: { block: HeaderBlock }) {
  return (
    <h3 className="block header-block">
      <PlainText text={block.text.text} />
    </h3>
  );
}

/** Small words and images. */
export function Context({ block }: { block: ContextBlock }) {
  return (
    <div className="block context">
      {block.elements.map((element, index) =>
        element.type === 'image' ? (
          <BlockImage key={placeKey(index)} image={element} className="context-image" />
        ) : (
          <span key={placeKey(index)} className="context-text">
            <TextView text={element} />
          </span>
        ),
      )}
    </div>
  );
}

/** A row of buttons and other elements. */
export function Actions({ block }: { block: ActionsBlock | ContextActionsBlock }) {
  return (
    <div className={`block actions ${block.type === 'actions' ? '' : 'actions-quiet'}`}>
      {block.elements.map((element, index) => (
        <BlockElement
          key={element.action_id ?? placeKey(index)}
          element={element}
          blockId={block.block_id ?? ''}
          tells
        />
      ))}
    </div>
  );
}

/** A line. */
export function Divider() {
  return <hr className="block divider" />;
}

/** An image that opens large. */
export function Image({ block }: { block: ImageBlock }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <figure className="block image-block">
      {block.title ? (
        <figcaption>
          <PlainText text={block.title.text} />
        </figcaption>
      ) : null}
      <button
        type="button"
        className="image-open"
        aria-label={`Open image: ${block.alt_text}`}
        onClick={() => setOpen(true)}
      >
        <BlockImage image={block} className="large-image" />
      </button>
      {isOpen ? (
        <Lightbox url={imageUrl(block)} name={block.alt_text} onClose={() => setOpen(false)} />
      ) : null}
    </figure>
  );
}

const alertIcons = {
  default: Bell,
  info: Info,
  warning: AlertTriangle,
  error: OctagonAlert,
  success: CheckCircle2,
} as const;

/** A coloured line that should not be missed. */
export function Alert({ block }: { block: AlertBlock }) {
  const level = block.level ?? 'default';
  const Icon = alertIcons[level];
  return (
    <div className={`block alert alert-${level}`} role="note">
      <Icon size={16} aria-hidden />
      <div>
        <TextView text={block.text} />
      </div>
    </div>
  );
}

/** A file that lives elsewhere. */
export function RemoteFile({ block }: { block: FileBlock }) {
  return (
    <div className="block quiet-line">
      <File size={15} aria-hidden /> File {block.external_id}
    </div>
  );
}

/** A video, as a link: nothing of another site is embedded. */
export function Video({ block }: { block: VideoBlock }) {
  return (
    <div className="block video">
      <PlayCircle size={18} aria-hidden />
      <div>
        <OutLink url={block.title_url ?? block.video_url}>
          <PlainText text={block.title.text} />
        </OutLink>
        {block.description ? (
          <p className="hint">
            <PlainText text={block.description.text} />
          </p>
        ) : null}
      </div>
    </div>
  );
}
