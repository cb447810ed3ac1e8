import { Home, MessageSquareText } from 'lucide-react';

/** The two sides of an app: what it published, and the conversation with it. */
export function AppTabs({ here }: { here: 'home' | 'messages' }) {
  return (
    <nav className="tabs" aria-label="App">
      <a href="#/app/home" aria-current={here === 'home' ? 'page' : undefined}>
        <Home size={15} aria-hidden /> Home
      </a>
      <a href="#/app/messages" aria-current={here === 'messages' ? 'page' : undefined}>
        <MessageSquareText size={15} aria-hidden /> Messages
      </a>
    </nav>
  );
}
