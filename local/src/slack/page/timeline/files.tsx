import { Download, File } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SlackFile } from '../../page-api.ts';
import { safeUrl } from '../text/entities.ts';
import { Lightbox } from '../widgets/lightbox.tsx';
import { placeKey } from '../widgets/place-key.ts';

// More than this of a text is for reading elsewhere.
const previewBytes = 4_000;

/** The files of a message. */
export function Files({ files }: { files: readonly SlackFile[] }) {
  return (
    <div className="files">
      {files.map((file) => (
        <FileView key={file.id} file={file} />
      ))}
    </div>
  );
}

function FileView({ file }: { file: SlackFile }) {
  const url = safeUrl(file.url);
  if (url === null) return <FileCard file={file} url="" />;
  if (file.mimetype.startsWith('image/')) return <ImageFile file={file} url={url} />;
  if (isText(file)) return <TextFile file={file} url={url} />;
  return <FileCard file={file} url={url} />;
}

function ImageFile({ file, url }: { file: SlackFile; url: string }) {
  const [isOpen, setOpen] = useState(false);
  const title = file.title || file.name;
  return (
    <figure className="image-block">
      <figcaption>{title}</figcaption>
      <button
        type="button"
        className="image-open"
        aria-label={`Open image: ${title}`}
        onClick={() => setOpen(true)}
      >
        <img className="large-image" src={url} alt={title} loading="lazy" />
      </button>
      {isOpen ? <Lightbox url={url} name={file.name} onClose={() => setOpen(false)} /> : null}
    </figure>
  );
}

function FileCard({ file, url }: { file: SlackFile; url: string }) {
  return (
    <a className="file-card" href={url} download={file.name} target="_blank" rel="noreferrer">
      <span className="file-icon">
        <File size={18} aria-hidden />
      </span>
      <span className="file-words">
        <strong>{file.title || file.name}</strong>
        <span className="hint">{size(file.size)}</span>
      </span>
      <Download size={16} aria-label="Download" />
    </a>
  );
}

function TextFile({ file, url }: { file: SlackFile; url: string }) {
  const text = useStart(url);
  const [isLong, setLong] = useState(false);
  if (text === null) return <FileCard file={file} url={url} />;
  return (
    <div className="text-file">
      <header>
        <strong>{file.title || file.name}</strong>
        <span className="hint">{size(file.size)}</span>
        <a className="icon-button" href={url} download={file.name} aria-label={`Download ${file.name}`}>
          <Download size={15} aria-hidden />
        </a>
      </header>
      <pre className={isLong ? 'text-file-long' : ''}>{lines(text)}</pre>
      {text.split('\n').length > 8 ? (
        <button type="button" className="link-button" onClick={() => setLong(!isLong)}>
          {isLong ? 'Show less' : 'Show more'}
        </button>
      ) : null}
    </div>
  );
}

/** A diff is easier to read with its lines coloured. */
function lines(text: string) {
  return text.split('\n').map((line, index) => (
    <span key={placeKey(index)} className={lineClass(line)}>
      {line}
      {'\n'}
    </span>
  ));
}

function lineClass(line: string): string {
  if (/^(\+\+\+|---|@@|diff |index )/.test(line)) return 'line-meta';
  if (line.startsWith('+')) return 'line-added';
  return line.startsWith('-') ? 'line-removed' : '';
}

function useStart(url: string): string | null {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      const response = await fetch(url, { signal: stop.signal });
      if (response.ok) setText((await response.text()).slice(0, previewBytes).trimEnd());
    };
    // Without a preview the file is still there to download.
    read().catch(() => setText(null));
    return () => stop.abort();
  }, [url]);
  return text;
}

function isText(file: SlackFile): boolean {
  return (
    /^text\/|json|xml|javascript|typescript|yaml/.test(file.mimetype) ||
    /\.(diff|patch|log|md|txt|ts|js|json|ya?ml)$/.test(file.name)
  );
}

/** `3.4 KB` */
function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
