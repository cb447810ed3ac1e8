import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';
import { readDeliveryNews } from '../session/wire.ts';

type News = {
  /** Messages that Slack does not take. */
  readonly stuck: number;
  /** How often delivery has changed since the page was opened. */
  readonly changes: number;
};

type Tell = (event: MessageEvent<string>) => void;

const NewsContext = createContext<News>({ stuck: 0, changes: 0 });
const TellContext = createContext<Tell>(() => {});

/** Keeps what a page's stream says about delivery for the whole page. `stuck` is what the page came with. */
export function DeliveryNewsProvider({
  stuck,
  children,
}: {
  readonly stuck: number;
  readonly children: ReactNode;
}) {
  const [news, setNews] = useState<News>({ stuck, changes: 0 });
  useEffect(() => setNews((before) => ({ ...before, stuck })), [stuck]);
  const tell = useCallback<Tell>(({ data }) => {
    const told = readDeliveryNews(JSON.parse(data));
    if (told) setNews(({ changes }) => ({ stuck: told.stuck, changes: changes + 1 }));
  }, []);
  return (
    <TellContext.Provider value={tell}>
      <NewsContext.Provider value={news}>{children}</NewsContext.Provider>
    </TellContext.Provider>
  );
}

export function useDeliveryNews(): News {
  return useContext(NewsContext);
}

/** What a stream calls with each of its `delivery` events. */
export function useTellDelivery(): Tell {
  return useContext(TellContext);
}
