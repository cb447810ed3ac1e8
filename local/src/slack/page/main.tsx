import { createRoot } from 'react-dom/client';
import { api } from './api.ts';
import { App } from './app.tsx';
import { WorkspaceContext } from './store/hooks.ts';
import { createWorkspace } from './store/workspace.ts';
import '@fontsource/noto-emoji/400.css';
import './styles/tokens.css';
import './styles/page.css';
import './styles/sidebar.css';
import './styles/timeline.css';
import './styles/text.css';
import './styles/blocks.css';
import './styles/controls.css';
import './styles/composer.css';
import './styles/faults.css';
import './styles/overlays.css';

const root = document.getElementById('root');
if (root) {
  const workspace = createWorkspace(api);
  createRoot(root).render(
    <WorkspaceContext.Provider value={workspace}>
      <App />
    </WorkspaceContext.Provider>,
  );
  void workspace.start();
}
