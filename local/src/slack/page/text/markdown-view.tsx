import { memo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { safeUrl } from './entities.ts';
import { OutLink } from './mention.tsx';

// An image of a text may be loaded from anywhere and would tell its server who reads: it is shown as a link.
const components: Components = {
  a: ({ href, children }) => <OutLink url={href ?? ''}>{children}</OutLink>,
  img: ({ src, alt }) => <OutLink url={typeof src === 'string' ? src : ''}>{alt || 'image'}</OutLink>,
  pre: ({ children }) => <pre className="code-block">{children}</pre>,
  table: ({ children }) => (
    <div className="table-scroll">
      <table>{children}</table>
    </div>
  ),
};

/** Standard Markdown with tables and task lists; raw HTML is left out. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        components={components}
        skipHtml
        urlTransform={(url) => safeUrl(url) ?? ''}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
});
