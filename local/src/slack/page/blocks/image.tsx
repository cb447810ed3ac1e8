import type { ImageElement } from '@slack/types';
import { useState } from 'react';

type Source = Pick<ImageElement, 'alt_text'> &
  ({ image_url: string } | { slack_file: { url: string } | { id: string } });

/** The address of an image that an app shows. */
export function imageUrl(image: Source): string {
  if ('image_url' in image) return image.image_url;
  return 'url' in image.slack_file
    ? image.slack_file.url
    : `/files/${encodeURIComponent(image.slack_file.id)}`;
}

/** An image, or its words when it cannot be loaded. */
export function BlockImage({ image, className }: { image: Source; className: string }) {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <span className="broken-image">{image.alt_text || 'image'}</span>;
  return (
    <img
      className={className}
      src={imageUrl(image)}
      alt={image.alt_text}
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setBroken(true)}
    />
  );
}
