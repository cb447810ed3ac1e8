import { useView } from '../store/hooks.ts';

/** What the app says it is doing here, such as “is thinking…”. */
export function StatusLine({ place }: { place: string }) {
  const text = useView((state) => state.statuses[place]) ?? '';
  const name = useView((state) => state.workspace?.app.name);
  return (
    <p className="status-line" role="status" aria-label="App status">
      {text === '' ? null : (
        <>
          <span className="dots" aria-hidden>
            <i />
            <i />
            <i />
          </span>
          {name} {text}
        </>
      )}
    </p>
  );
}
