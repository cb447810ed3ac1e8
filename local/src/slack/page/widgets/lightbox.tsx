import { Download } from 'lucide-react';
import { Dialog } from './dialog.tsx';

/** An image over the page. */
export function Lightbox({ url, name, onClose }: { url: string; name: string; onClose: () => void }) {
  const footer = (
    <a className="button" href={url} download={name} target="_blank" rel="noreferrer">
      <Download size={14} aria-hidden /> Download
    </a>
  );
  return (
    <Dialog size="large" title={name || 'Image'} onClose={onClose} footer={footer}>
      <img className="lightbox-image" src={url} alt={name} referrerPolicy="no-referrer" />
    </Dialog>
  );
}
