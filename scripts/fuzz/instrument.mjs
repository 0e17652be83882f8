/** Puts a counter into every branch of TypeScript sources, for a coverage-guided fuzzer. */
import ts from "typescript";

/** The length of the table of counters, a power of two. Branches beyond it share counters. */
export const counterCount = 32_768;

const { factory } = ts;

function visitor(context, take) {
  const count = () =>
    factory.createPostfixIncrement(
      factory.createElementAccessExpression(
        factory.createIdentifier("__fuzzCounters"),
        take() % counterCount,
      ),
    );
  const counted = (expression) =>
    factory.createParenthesizedExpression(factory.createComma(count(), expression));
  const first = (statements) => [factory.createExpressionStatement(count()), ...statements];
  const block = (statement) =>
    statement &&
    (ts.isBlock(statement) || ts.isIfStatement(statement)
      ? statement
      : factory.createBlock(first([statement])));

  const visit = (node) => {
    const seen = ts.visitEachChild(node, visit, context);
    if (ts.isBlock(seen)) return factory.updateBlock(seen, first(seen.statements));
    if (ts.isCaseClause(seen))
      return factory.updateCaseClause(seen, seen.expression, first(seen.statements));
    if (ts.isDefaultClause(seen)) return factory.updateDefaultClause(seen, first(seen.statements));
    if (ts.isArrowFunction(seen) && !ts.isBlock(seen.body)) {
      const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken } = seen;
      return factory.updateArrowFunction(
        seen,
        modifiers,
        typeParameters,
        parameters,
        type,
        equalsGreaterThanToken,
        counted(seen.body),
      );
    }
    if (ts.isConditionalExpression(seen)) {
      return factory.updateConditionalExpression(
        seen,
        seen.condition,
        seen.questionToken,
        counted(seen.whenTrue),
        seen.colonToken,
        counted(seen.whenFalse),
      );
    }
    if (ts.isBinaryExpression(seen) && isLogical(seen.operatorToken.kind)) {
      return factory.updateBinaryExpression(
        seen,
        seen.left,
        seen.operatorToken,
        counted(seen.right),
      );
    }
    if (ts.isIfStatement(seen)) {
      return factory.updateIfStatement(
        seen,
        seen.expression,
        block(seen.thenStatement),
        block(seen.elseStatement),
      );
    }
    return seen;
  };
  return visit;
}

const isLogical = (kind) =>
  kind === ts.SyntaxKind.AmpersandAmpersandToken ||
  kind === ts.SyntaxKind.BarBarToken ||
  kind === ts.SyntaxKind.QuestionQuestionToken;

/** Returns the JavaScript of a module. `take` gives the next counter; `onText` receives every string literal. */
export function instrument(source, fileName, take, onText) {
  const transformer = (context) => (file) => {
    const collect = (node) => {
      if (ts.isStringLiteralLike(node) && !ts.isImportDeclaration(node.parent)) onText(node.text);
      ts.forEachChild(node, collect);
    };
    collect(file);
    return ts.visitNode(file, visitor(context, take));
  };
  const { outputText } = ts.transpileModule(source, {
    fileName,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
    transformers: { before: [transformer] },
  });
  return outputText;
}
