import { useEffect, type ReactNode } from 'react';
import { setTitle } from '../app/text.ts';

/** A page: its one first-level heading, what can be done with the whole of it, and the content. */
export function Page({
  title,
  head,
  fills,
  children,
}: {
  readonly title: string;
  readonly head?: ReactNode;
  readonly fills?: boolean;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    setTitle(title);
  }, [title]);
  return (
    <div className={fills === true ? 'page page-fill' : 'page'}>
      <div className="page-head">
        <h1>{title}</h1>
        {head}
      </div>
      {children}
    </div>
  );
}
