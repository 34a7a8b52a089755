// Gives views the texts and the manner of formatting in the chosen language.
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';

import type { Manner } from '../format/format.ts';
import { de } from './de.ts';
import { en, type Texts } from './en.ts';

/** Languages by their code, in the order in which they are offered. */
export const LANGUAGES = { en: { texts: en, name: 'English' }, de: { texts: de, name: 'Deutsch' } } as const;
export type Language = keyof typeof LANGUAGES;

const STORAGE_KEY = 'signalbox-language';

interface Wording {
  language: Language;
  chooseLanguage: (language: Language) => void;
  texts: Texts;
  manner: Manner;
  chooseTimeZone: (timeZone: string) => void;
}

const WordingContext = createContext<Wording | undefined>(undefined);

const isLanguage = (code: string | null): code is Language => code !== null && code in LANGUAGES;

/** The stored choice, otherwise the browser's first language that we speak, otherwise English. */
function firstLanguage(): Language {
  const stored = localStorage.getItem(STORAGE_KEY);
  if (isLanguage(stored)) return stored;
  const spoken = navigator.languages.map((code) => code.slice(0, 2));
  return spoken.find(isLanguage) ?? 'en';
}

/** Provides texts to everything inside. The city's time zone is the browser's until the server names another. */
export function WordingProvider({ children }: { children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState(firstLanguage);
  const [timeZone, setTimeZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const wording = useMemo((): Wording => {
    const { texts } = LANGUAGES[language];
    return {
      language,
      texts,
      manner: { locale: texts.locale, timeZone, words: texts.words },
      chooseTimeZone: setTimeZone,
      chooseLanguage: (chosen) => {
        localStorage.setItem(STORAGE_KEY, chosen);
        document.documentElement.lang = chosen;
        setLanguage(chosen);
      },
    };
  }, [language, timeZone]);
  document.documentElement.lang = language;
  return <WordingContext value={wording}>{children}</WordingContext>;
}

/** Texts and manner. Throws outside of the provider. */
export function useWording(): Wording {
  const wording = useContext(WordingContext);
  if (!wording) throw new Error('useWording needs WordingProvider above it');
  return wording;
}
