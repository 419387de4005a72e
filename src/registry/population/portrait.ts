import { createHash } from 'node:crypto';
import type { RegisteredPerson } from './records.ts';

/** 3 : 4, as on the face of a card. */
const size = { width: 240, height: 320 } as const;
const skins = ['#f2d3b8', '#e6bd9a', '#d9a77f', '#c68e63'] as const;
const hairs = ['#2b2320', '#3d2b1f', '#5a3e28', '#7a6a5c', '#9b958f'] as const;
const cloths = ['#23395d', '#444b54', '#6b2d3c', '#2f5d50', '#7b6a3a'] as const;

const known = new Map<string, Promise<Buffer>>();
const mostKnown = 500;

/** A portrait of drawn shapes, the same for the same person: nobody's face. */
export async function drawPortrait(person: Pick<RegisteredPerson, 'fin' | 'sex'>): Promise<Buffer> {
  const drawn = known.get(person.fin) ?? render(svgOf(person));
  if (known.size >= mostKnown) known.clear();
  known.set(person.fin, drawn);
  return await drawn;
}

async function render(svg: string): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return await sharp(Buffer.from(svg)).jpeg({ quality: 70, chromaSubsampling: '4:2:0' }).toBuffer();
}

function svgOf({ fin, sex }: Pick<RegisteredPerson, 'fin' | 'sex'>): string {
  const draws = createHash('sha256').update(`portrait ${fin}`).digest();
  const draw = (place: number, count: number) => (draws[place] ?? 0) % count;
  const skin = skins[draw(0, skins.length)] ?? skins[0];
  const hair = hairs[draw(1, hairs.length)] ?? hairs[0];
  const cloth = cloths[draw(2, cloths.length)] ?? cloths[0];
  const width = 50 + draw(3, 10);
  const height = 64 + draw(4, 10);
  const eyes = 16 + draw(5, 7);
  const fringe = 18 + draw(6, 22);
  const longHair = sex === 'F' ? `<path d="M${120 - width - 10} 150 q-6 90 6 110 h${2 * width + 8} q12 -20 6 -110 z" fill="${hair}"/>` : '';
  const glasses =
    draw(7, 4) === 0
      ? `<g fill="none" stroke="#333" stroke-width="3"><circle cx="${120 - eyes}" cy="145" r="13"/><circle cx="${120 + eyes}" cy="145" r="13"/></g>`
      : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">
<rect width="240" height="320" fill="#e9edf0"/>${longHair}
<path d="M20 320 q10 -82 70 -86 h60 q60 4 70 86 z" fill="${cloth}"/>
<rect x="100" y="195" width="40" height="52" rx="16" fill="${skin}"/>
<ellipse cx="120" cy="150" rx="${width}" ry="${height}" fill="${skin}"/>
<path d="M${120 - width - 2} 146 q2 -${height + fringe} ${width + 2} -${height + fringe} q${width} 0 ${width + 2} ${height + fringe} q-10 -${fringe + 14} -${width + 2} -${fringe + 14} q-${width - 8} 0 -${width + 2} ${fringe + 14} z" fill="${hair}"/>
<g fill="#26221f"><circle cx="${120 - eyes}" cy="145" r="4.5"/><circle cx="${120 + eyes}" cy="145" r="4.5"/></g>${glasses}
<path d="M118 152 q-7 18 3 20" fill="none" stroke="#00000055" stroke-width="3"/>
<path d="M104 186 q16 ${5 + draw(8, 7)} 32 0" fill="none" stroke="#9c4a42" stroke-width="4" stroke-linecap="round"/>
</svg>`;
}
