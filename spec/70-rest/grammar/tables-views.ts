/** Tables: filters, columns, order. */
import { answered, ids, refused, type Row } from '../row.ts'

const range = (item: string): Row => refused(item, `/people?age=${item}.(1,10)`, 400, '42883')
const phone = (number: string): object => ({ number })

export const tablesViews: readonly Row[] = [
  answered('GET', '/directors', [
    { id: 1, first_name: 'William', last_name: 'Dickson' },
    { id: 2, first_name: 'Louis', last_name: 'Lumière' },
    { id: 3, first_name: 'Georges', last_name: 'Méliès' },
    { id: 4, first_name: 'Quentin', last_name: 'Tarantino' },
  ]),
  {
    item: 'HEAD',
    request: { path: '/directors', method: 'HEAD' },
    answer: {
      headers: { 'content-type': 'application/json; charset=utf-8', 'content-range': '0-3/*', 'content-location': '/rest/v1/directors' },
      body: '',
    },
  },
  ids('one filter', '/people?age=lt.13', 1),
  ids('several filters', '/people?age=gte.12&student=is.true', 1),

  // ── Operators ──
  ids('eq', '/people?full_name=eq.Jane Olsen', 2),
  ids('gt', '/people?age=gt.12', 2),
  ids('gte', '/people?age=gte.12', 1, 2),
  ids('lt', '/people?age=lt.21', 1),
  ids('lte', '/people?age=lte.21', 1, 2),
  ids('neq', '/people?age=neq.12', 2),
  ids('like', '/films?title=like.The*', 2, 3, 6),
  ids('ilike', '/directors?last_name=ilike.*LUMIÈRE*', 2),
  ids('match', '/films?title=match.^The', 2, 3, 6),
  ids('imatch', '/films?title=imatch.^the.*HOUSE$', 6),
  ids('in', '/people?age=in.(12,13,21)', 1, 2),
  ids('in', '/people?age=in.()'),
  ids('is', '/people?age=is.null', 3),
  ids('is', '/people?age=is.not_null', 1, 2),
  ids('is', '/people?student=is.true', 1),
  ids('is', '/people?student=is.FALSE', 2),
  ids('is', '/people?student=is.unknown', 3),
  refused('is', '/people?age=is.nix', 400, 'PGRST100'),
  ids('isdistinct', '/people?age=isdistinct.12', 2, 3),
  ids('isdistinct', '/people?age=not.isdistinct.12', 1),
  ids('fts', '/films?title=fts.haunted %26 !pulp', 3),
  ids('plfts', '/films?plot=plfts.lighthouse keepers', 6),
  ids('phfts', '/films?plot=phfts.goes wrong', 5),
  ids('wfts', '/films?plot=wfts.castle or "goes wrong"', 3, 5),
  ids('cs', '/films?tags=cs.{crime}', 4, 5),
  ids('cs', '/films?info=cs.{"reels":1}', 1, 2),
  ids('cd', '/films?tags=cd.{crime,drama,short}', 2, 3, 4, 5),
  ids('ov', '/films?tags=ov.{short,drama}', 1, 2, 4),
  ...['sl', 'sr', 'nxr', 'nxl', 'adj'].map(range),
  ids('not', '/people?age=not.eq.12', 2),
  ids('or', '/people?or=(age.lt.13,age.is.null)', 1, 3),
  ids('and', '/people?and=(age.gte.12,student.is.true)', 1),
  ids('all', '/people?last_name=like(all).{O*,*n}', 2),
  ids('any', '/people?last_name=like(any).{O*,P*}', 2, 3),
  ids('negated and', '/people?not.and=(age.gte.0,age.lte.15)', 2),
  ids('nested logic', '/people?student=is.true&or=(age.eq.14,not.and(age.gte.13,age.lte.17))', 1),
  ids('reserved characters in logic', '/marks?or=(name.eq."a.b:(c)",name.in.("Hebdon,John"))', 1, 5),

  // ── Modifiers ──
  ids('eq(any)', '/people?age=eq(any).{12,21}', 1, 2),
  ids('eq(all)', '/people?age=eq(all).{12,12}', 1),
  ids('gt(any)', '/people?age=gt(any).{5,30}', 1, 2),
  ids('gt(all)', '/people?age=gt(all).{5,12}', 2),
  ids('gte(any)', '/people?age=gte(any).{21,30}', 2),
  ids('gte(all)', '/people?age=gte(all).{12,20}', 2),
  ids('lt(any)', '/people?age=lt(any).{13,5}', 1),
  ids('lt(all)', '/people?age=lt(all).{13,30}', 1),
  ids('lte(any)', '/people?age=lte(any).{21,5}', 1, 2),
  ids('lte(all)', '/people?age=lte(all).{21,12}', 1),
  ids('like(any)', '/people?last_name=like(any).{O*,D*}', 1, 2),
  ids('like(all)', '/people?last_name=like(all).{D*,*e}', 1),
  ids('ilike(any)', '/people?last_name=ilike(any).{o*,p*}', 2, 3),
  ids('ilike(all)', '/people?last_name=not.ilike(all).{o*,*N}', 1, 3),
  ids('match(any)', '/people?last_name=match(any).{^O,^D}', 1, 2),
  ids('match(all)', '/people?last_name=match(all).{^P,r$}', 3),
  ids('imatch(any)', '/people?last_name=imatch(any).{^o,^d}', 1, 2),
  ids('imatch(all)', '/people?last_name=imatch(all).{^p,R$}', 3),
  refused('a modifier that an operator lacks', '/people?age=neq(any).{12}', 400, 'PGRST100'),

  // ── Full-text search ──
  ids('text search with a configuration', '/films?plot=plfts(simple).castle', 3),
  refused('text search of another language', '/films?plot=fts(french).amusant', 400, '0A000'),
  ids('text search negated', '/films?plot=not.wfts.castle', 4, 5, 6),
  ids('text search in text', '/films?title=plfts.castle', 3),
  refused('text search in JSON', '/films?info=phfts.reels', 400, '42883'),

  // ── Columns ──
  answered('vertical filtering', '/people?select=full_name,age', [
    { full_name: 'John Doe', age: 12 },
    { full_name: 'Jane Olsen', age: 21 },
    { full_name: 'Ann Parker', age: null },
  ]),
  answered('all columns', '/competitions?select=*&id=eq.1', [{ id: 1, name: 'Cannes', year: 1994 }]),
  answered('all columns', '/competitions?select=&id=eq.1', [{ id: 1, name: 'Cannes', year: 1994 }]),
  answered('renaming columns', '/people?select=fullName:full_name,years:age&id=eq.1', [{ fullName: 'John Doe', years: 12 }]),
  answered('JSON paths', '/people?select=id,json_data->>blood_type,json_data->phones', [
    { id: 1, blood_type: 'A-', phones: [phone('917-929-5745')] },
    { id: 2, blood_type: 'O+', phones: [phone('512-446-4988'), phone('213-891-5979')] },
    { id: 3, blood_type: 'A-', phones: null },
  ]),
  answered('JSON positions', '/people?select=id,json_data->phones->0->>number', [
    { id: 1, number: '917-929-5745' },
    { id: 2, number: '512-446-4988' },
    { id: 3, number: null },
  ]),
  answered('JSON positions', '/films?select=info->-1,first:info->>0&id=eq.4', [{ info: 7, first: '9' }]),
  ids('filter on a JSON path as text', '/people?json_data->>blood_type=eq.A-', 1, 3),
  ids('filter on a JSON path as JSON', '/people?json_data->age=gt.20', 1),
  ids('order by a JSON path', '/people?order=json_data->>age.desc', 3, 2, 1),
  ids('order by a JSON path', '/people?order=json_data->age.desc', 3, 1, 2),
  refused('a path that goes on after ->>', '/people?select=json_data->>phones->0', 400, '42883'),
  answered('elements of arrays', '/people?select=id,primary_language:languages->0,scores->>1', [
    { id: 1, primary_language: 'en', scores: '2' },
    { id: 2, primary_language: 'no', scores: null },
    { id: 3, primary_language: null, scores: null },
  ]),
  ids('filter on an element of an array', '/people?scores->0=eq.1', 1),
  refused('fields of composites', '/people?select=salary->cents', 400, '42883'),
  {
    item: 'casting columns',
    request: { path: '/people?select=salary,text:salary::text' },
    answer: {
      body: [
        { salary: 90000, text: '90000.00' },
        { salary: 120000, text: '120000.00' },
        { salary: 45.1, text: '45.10' },
      ],
      text: '"salary":45.10,',
    },
  },
  refused('casting to a type that is not there', '/people?select=full_name::nonsense', 400, '42704'),
  refused('casting in a filter', '/people?salary::text=eq.45.10', 400, 'PGRST100'),

  // ── Order ──
  ids('order', '/people?order=age.desc,full_name.asc', 3, 2, 1),
  ids('order without a direction', '/people?order=age', 1, 2, 3),
  ids('order with nulls', '/people?order=age.nullsfirst', 3, 1, 2),
  ids('order with nulls', '/people?order=age.desc.nullslast', 2, 1, 3),
  ids('order by a path', '/people?order=languages->>0.desc.nullslast', 2, 1, 3),
  {
    item: 'order that cannot be read',
    request: { path: '/people?order=id.asc.nullslasttt' },
    refused: {
      status: 400,
      code: 'PGRST100',
      message: '"failed to parse order (id.asc.nullslasttt)" (line 1, column 17)',
      details: 'unexpected "t" expecting "," or end of input',
    },
  },

  // ── The rest ──
  {
    item: 'the plan',
    request: { path: '/people?salary=eq.1', headers: { accept: 'application/vnd.pgrst.plan' }, as: 'service' },
    answer: { headers: { 'content-type': 'application/vnd.pgrst.plan+text; for="application/json"; charset=utf-8' }, body: /scan|search/i },
  },
  refused('the plan for strangers', '/people', 403, '42501', { accept: 'application/vnd.pgrst.plan' }),
]
