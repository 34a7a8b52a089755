// Monaco's wiring: workers, the rules' schema, and the two editors that the pages use. Loaded only with a rule's page.
import * as monaco from 'monaco-editor/editor';
// Registers the editor's features; it exports nothing.
// oxlint-disable-next-line import/no-unassigned-import
import 'monaco-editor/features/register.all';
import { jsonDefaults } from 'monaco-editor/languages/features/json/register';
// Vite makes the workers' classes; the files themselves have no default export.
// oxlint-disable-next-line import/default
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
// oxlint-disable-next-line import/default
import JsonWorker from 'monaco-editor/languages/features/json/json.worker?worker';

import { placeOf } from '../../engine/model/json-places.ts';
import type { Problem } from '../../engine/model/result.ts';
import { ruleJsonSchema } from './rules/rule-schema.ts';

/** An editor for one rule. Views never touch Monaco itself. */
export interface RuleEditor {
  text(): string;
  setText(text: string): void;
  /** Underlines each problem at its place; an empty list takes all underlines away. */
  showProblems(problems: readonly Problem[]): void;
  /** Puts the cursor at a problem's place. */
  goTo(path: string): void;
  dispose(): void;
}

/** Who owns the markers that come from the server, beside Monaco's own. */
const MARKER_OWNER = 'signalbox';

self.MonacoEnvironment = {
  getWorker: (_id: string, label: string) => (label === 'json' ? new JsonWorker() : new EditorWorker()),
};
jsonDefaults.setDiagnosticsOptions({
  validate: true,
  schemaValidation: 'error',
  enableSchemaRequest: false,
  schemas: [{ uri: 'signalbox://schema/rule.json', fileMatch: ['*.rule.json'], schema: ruleJsonSchema }],
});
// The app's surfaces, so that the editor does not glare out of the page.
monaco.editor.defineTheme('signalbox-dark', {
  base: 'vs-dark',
  inherit: true,
  rules: [],
  colors: { 'editor.background': '#181c20', 'editorGutter.background': '#181c20' },
});

const LOOK: monaco.editor.IEditorOptions = {
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  fontSize: 13,
  fixedOverflowWidgets: true,
};

/** Light or dark, for every editor on the page. */
export const setEditorTheme = (scheme: 'light' | 'dark'): void =>
  monaco.editor.setTheme(scheme === 'dark' ? 'signalbox-dark' : 'vs');

/**
 * Puts an editor for a rule into an element.
 *
 * @param parts `label` is what the editor is called for those who do not see it; `onChange` hears every change
 */
export function createRuleEditor(
  element: HTMLElement,
  parts: { id: string; text: string; label: string; onChange: () => void },
): RuleEditor {
  const uri = monaco.Uri.parse(`signalbox://rules/${parts.id}.rule.json`);
  const model = monaco.editor.createModel(parts.text, 'json', uri);
  const editor = monaco.editor.create(element, {
    ...LOOK,
    model,
    automaticLayout: true,
    ariaLabel: parts.label,
    tabSize: 2,
  });
  const listening = model.onDidChangeContent(parts.onChange);
  return {
    text: () => model.getValue(),
    // As an edit, so that it can be undone.
    setText: (text) => model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null),
    showProblems: (problems) =>
      monaco.editor.setModelMarkers(
        model,
        MARKER_OWNER,
        problems.map((problem) => toMarker(model, problem)),
      ),
    goTo: (path) => {
      const position = model.getPositionAt(placeOf(model.getValue(), path).offset);
      editor.setPosition(position);
      editor.revealPositionInCenterIfOutsideViewport(position);
      editor.focus();
    },
    dispose: () => {
      listening.dispose();
      editor.dispose();
      model.dispose();
    },
  };
}

/** Shows two versions side by side, neither of them editable. Returns a function that takes it away. */
export function createComparison(element: HTMLElement, theirs: string, yours: string): () => void {
  const models = {
    original: monaco.editor.createModel(theirs, 'json'),
    modified: monaco.editor.createModel(yours, 'json'),
  };
  const editor = monaco.editor.createDiffEditor(element, {
    ...LOOK,
    readOnly: true,
    originalEditable: false,
    automaticLayout: true,
  });
  const comparison = editor.createViewModel(models);
  editor.setModel(comparison);
  return () => {
    // Ended first: a comparison still under way would otherwise stumble over models that are gone.
    editor.setModel(null);
    comparison.dispose();
    editor.dispose();
    models.original.dispose();
    models.modified.dispose();
  };
}

function toMarker(model: monaco.editor.ITextModel, { code, path, message }: Problem): monaco.editor.IMarkerData {
  const { offset, length } = placeOf(model.getValue(), path);
  const [start, end] = [model.getPositionAt(offset), model.getPositionAt(offset + length)];
  return {
    severity: monaco.MarkerSeverity.Error,
    message,
    code,
    source: 'Signalbox',
    startLineNumber: start.lineNumber,
    startColumn: start.column,
    endLineNumber: end.lineNumber,
    endColumn: end.column,
  };
}
