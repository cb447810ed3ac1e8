import { Moon, Sun } from 'lucide-react';
import { useEffect, useState } from 'react';

const themeKey = 'workspace.theme';

/** Light or dark; until it is pressed, as the system says. */
export function ThemeSwitch() {
  const [chosen, setChosen] = useState<string | null>(() => localStorage.getItem(themeKey));
  useEffect(() => {
    if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
  }, [chosen]);
  const isDark =
    chosen === null ? window.matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
  const next = isDark ? 'light' : 'dark';
  const change = () => {
    localStorage.setItem(themeKey, next);
    setChosen(next);
  };
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Switch to ${next} theme`}
      title={`Switch to ${next} theme`}
      onClick={change}
    >
      {isDark ? <Sun size={16} /> : <Moon size={16} />}
    </button>
  );
}
