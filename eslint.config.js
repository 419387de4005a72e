import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Formatting that Chromium cannot do in Azerbaijani though Node can: see src/shared/language. */
const unreliableLocale = [
  {
    selector:
      "MemberExpression[object.name='Intl'][property.name=/^(Collator|DateTimeFormat|NumberFormat|ListFormat|RelativeTimeFormat|DisplayNames)$/]",
    message: 'Chromium has no Azerbaijani data, so this is wrong in the program though right on Node. Use src/shared/language.',
  },
  {
    selector: 'MemberExpression[property.name=/^(toLocaleString|toLocaleDateString|toLocaleTimeString|localeCompare)$/]',
    message: 'Chromium has no Azerbaijani data, so this is wrong in the program though right on Node. Use src/shared/language.',
  },
];

const house = [
  { selector: 'TSEnumDeclaration', message: 'No enums: use a union of literals or an object with `as const`.' },
  { selector: 'ExportDefaultDeclaration', message: 'No default exports: an export has one name everywhere.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'No default exports: an export has one name everywhere.' },
  { selector: 'TSInterfaceDeclaration > Identifier.id[name=/^I[A-Z][a-z]/]', message: 'No I prefix.' },
  {
    selector: 'CallExpression[callee.property.name=/^(prepare|exec)$/] > TemplateLiteral.arguments[expressions.length>0]',
    message:
      'SQL is never put together from values: use ? or a named parameter. For a fixed list of names, build the text from constants in a function that says so.',
  },
  {
    selector: 'CallExpression[callee.property.name=/^(prepare|exec)$/] > BinaryExpression.arguments[operator="+"]',
    message: 'SQL is never put together from values: use ? or a named parameter.',
  },
];

const tests = [
  {
    selector: 'MemberExpression[object.name=/^(it|test|describe|suite)$/][property.name=/^(skip|only|todo|fails|fixme|skipIf|runIf)$/]',
    message: 'Nothing is skipped: repair the test or remove it.',
  },
  {
    selector: 'CallExpression[callee.name=/^(xit|xdescribe|xtest|fit|fdescribe)$/]',
    message: 'Nothing is skipped: repair the test or remove it.',
  },
];

const likeAPerson = {
  selector:
    'CallExpression[callee.property.name=/^(fill|click|dblclick|tap|check|uncheck|setChecked|selectOption|selectText|dispatchEvent|evaluate|evaluateAll|evaluateHandle|\\$eval|\\$\\$eval|setInputFiles|dragTo|pressSequentially|addScriptTag)$/]',
  message: 'End-to-end tests type like a person: use page.keyboard. Readers and file drops go through tests/e2e/support.',
};

/** A note about work to do names the issue that will do it; code that is not run is deleted, Git keeps it. */
const comments = {
  meta: { type: 'problem', schema: [], messages: { todo: 'Name the issue: TODO(#12).', code: 'Delete code that is commented out.' } },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (/\b(?:TODO|FIXME|XXX|HACK)\b(?!\s*\(#\d+\))/u.test(comment.value)) context.report({ loc: comment.loc, messageId: 'todo' });
          if (
            comment.type === 'Line' &&
            /^\s*(?:(?:const|let|var|return|import|export|await|throw)\b.*;|\w[\w.]*\(.*\);|[{}]+;?)\s*$/u.test(comment.value)
          ) {
            context.report({ loc: comment.loc, messageId: 'code' });
          }
        }
      },
    };
  },
};

/** A suppression says why, on the same line. */
const suppressions = {
  meta: { type: 'problem', schema: [], messages: { reason: 'Say why after two hyphens: eslint-disable-next-line rule -- reason.' } },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (/^\s*eslint-disable/u.test(comment.value) && !/--\s*\S{3,}/u.test(comment.value))
            context.report({ loc: comment.loc, messageId: 'reason' });
        }
      },
    };
  },
};

/** Rules of the strict preset that cost more than they find here; each with its reason. */
const relaxed = {
  // A number in a sentence is what it looks like; objects and undefined stay forbidden.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // `() => stop()` in a handler is clear; a void value that is used is still found.
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidOperator: true }],
  // Handlers of a contract are async by type even when today's answer is at hand.
  '@typescript-eslint/require-await': 'off',
  // noPropertyAccessFromIndexSignature is not set: brackets mark a name that comes from outside.
  '@typescript-eslint/dot-notation': 'off',
  // Rows and messages are parsed at the edge; inside, `!` after a check the compiler cannot follow is worse than a type guard, so it stays an error in src.
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  // Both forms say the same; the compiler treats them alike.
  '@typescript-eslint/consistent-type-definitions': 'off',
  // `while (true)` with a return inside is how a loop over a stream reads best.
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
  // Empty callbacks stand for "nothing to undo" in tests and ports.
  '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions'] }],
  // Generic once is fine: it names what the caller gets back.
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  // Naming a default keeps the type in sight of whoever reads the call.
  '@typescript-eslint/no-unnecessary-type-arguments': 'off',
  // Spreading a string gives its code points, which is what folding and checks want.
  '@typescript-eslint/no-misused-spread': 'off',
  // Enums come only from packages here; mixing their numbers with ours is decided at the edge, by a schema.
  '@typescript-eslint/no-unsafe-enum-assignment': 'off',
  // A promise handed to an event handler of React is caught by the handler itself.
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
};

const typescriptFiles = ['**/*.ts', '**/*.tsx'];
const testFiles = ['**/*.test.ts', '**/*.test.tsx', 'tests/**/*.ts', 'tests/**/*.tsx', 'bench/**/*.ts'];
/** Chromium versions of one code meet Node's only here: tables are compared with what Node knows. */
const nodeOnlyTests = ['**/*.node.test.ts'];

export default tseslint.config(
  { ignores: ['node_modules/**', 'dist/**', '.cache/**', '.run/**', '.stryker-tmp/**', 'reports/**', 'tests/fixtures/**', 'stubs/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, plugins: { house: { rules: { comments, suppressions } } } },
  {
    rules: {
      'house/comments': 'error',
      'house/suppressions': 'error',
      'max-lines': ['error', { max: 600, skipBlankLines: false, skipComments: false }],
      // `!= null` asks for both kinds of nothing at once.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'off',
    },
  },
  {
    files: typescriptFiles,
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...relaxed, 'no-restricted-syntax': ['error', ...unreliableLocale, ...house] },
  },
  {
    // Programs of the product write to their log, never to the terminal they may not have.
    files: ['src/core/**/*.ts', 'src/shared/**/*.ts', 'src/renderer/**/*.{ts,tsx}', 'src/preload/**/*.ts'],
    ignores: ['**/*.test.ts', '**/*-cli.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    // The double of the shell suite takes types only; verbatimModuleSyntax keeps a type import from loading anything.
    ignores: ['src/main/electron/**', 'src/preload/**', 'tests/integration/shell/electron-double.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'electron',
              message: 'Importing electron outside Electron starts a download. Only src/main/electron and src/preload may.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    // Concerns the React Compiler, which is not used: it would skip a component, nothing breaks.
    rules: { 'react-hooks/incompatible-library': 'off' },
  },
  // A declaration of somebody else's module has the exports that module has.
  { files: ['**/*.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: testFiles,
    rules: {
      'no-restricted-syntax': ['error', ...unreliableLocale, ...house, ...tests],
      // A test that reads `rows[0]!.id` fails loudly when the row is missing: that is its job.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Answers of other programs and JSON reports are probed here, not trusted.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // expect(object.method) reads a method without calling it.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: nodeOnlyTests, rules: { 'no-restricted-syntax': ['error', ...house, ...tests] } },
  { files: ['tests/e2e/**/*.e2e.ts'], rules: { 'no-restricted-syntax': ['error', ...unreliableLocale, ...house, ...tests, likeAPerson] } },
  {
    // Configurations of tools: no project of their own, and a default export where the tool demands one.
    files: ['*.config.ts', '*.config.js', '*.cjs', '*.mjs', 'scripts/**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false, project: null } },
    rules: { 'no-restricted-syntax': ['error', ...unreliableLocale], 'no-restricted-imports': 'off' },
  },
  {
    // Long files are worth a look before they are an error.
    files: ['src/**/*.{ts,tsx}'],
    plugins: { length: { rules: { look: maxLinesWarning() } } },
    rules: { 'length/look': 'warn' },
  },
);

/** `max-lines` can be set once per file; this is its earlier, gentler twin. */
function maxLinesWarning() {
  return {
    meta: { type: 'suggestion', schema: [] },
    create(context) {
      return {
        Program(node) {
          const lines = context.sourceCode.lines.length;
          if (lines > 400 && lines <= 600)
            context.report({ node, message: `${lines} lines: does this file still have one reason to change?` });
        },
      };
    },
  };
}
