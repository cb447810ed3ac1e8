import type {
  DataTableBlock,
  RawNumberElement,
  RawTextElement,
  RichTextBlock,
  TableBlock,
} from '@slack/types';
import { useState } from 'react';
import { RichText } from '../text/rich-text-view.tsx';
import { placeKey } from '../widgets/place-key.ts';

type Cell = RichTextBlock | RawTextElement | RawNumberElement;

function CellView({ cell }: { cell: Cell }) {
  return cell.type === 'rich_text' ? <RichText block={cell} /> : cell.text;
}

/** A table; the first row is its head. */
export function Table({ block }: { block: TableBlock }) {
  const style = (column: number) => ({
    textAlign: block.column_settings?.[column]?.align ?? 'left',
    whiteSpace:
      block.column_settings?.[column]?.is_wrapped === false ? ('nowrap' as const) : ('normal' as const),
  });
  return (
    <div className="block table-scroll">
      <table>
        <Rows rows={block.rows} style={style} />
      </table>
    </div>
  );
}

/** A table with a caption and pages. */
export function DataTable({ block }: { block: DataTableBlock }) {
  const [page, setPage] = useState(0);
  const [head, ...body] = block.rows;
  const size = block.page_size ?? 20;
  const pages = Math.max(1, Math.ceil(body.length / size));
  const shown = [...(head ? [head] : []), ...body.slice(page * size, (page + 1) * size)];
  const isNumber = (column: number) => body[0]?.[column]?.type === 'raw_number';
  return (
    <div className="block">
      <div className="table-scroll">
        <table>
          <caption>{block.caption}</caption>
          <Rows rows={shown} style={(column) => ({ textAlign: isNumber(column) ? 'right' : 'left' })} />
        </table>
      </div>
      {pages > 1 ? (
        <div className="table-pages">
          <button
            type="button"
            className="button button-small"
            disabled={page === 0}
            onClick={() => setPage(page - 1)}
          >
            Previous
          </button>
          <span>
            {page + 1} of {pages}
          </span>
          <button
            type="button"
            className="button button-small"
            disabled={page + 1 === pages}
            onClick={() => setPage(page + 1)}
          >
            Next
          </button>
        </div>
      ) : null}
    </div>
  );
}

function Rows({
  rows,
  style,
}: {
  rows: readonly (readonly Cell[])[];
  style: (column: number) => React.CSSProperties;
}) {
  const [head = [], ...body] = rows;
  return (
    <>
      <thead>
        <tr>
          {head.map((cell, column) => (
            <th key={placeKey(column)} style={style(column)}>
              <CellView cell={cell} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {body.map((row, index) => (
          <tr key={placeKey(index)}>
            {row.map((cell, column) => (
              <td key={placeKey(column)} style={style(column)}>
                <CellView cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </>
  );
}
