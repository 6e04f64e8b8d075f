import type { ExportedItem } from '../../domain/export/exported-item.ts'
import type { Database } from '../database.ts'

const exportSql = `SELECT jsonb_build_object('position', i.position, 'caseId', k.case_id, 'repeat', i.repeat,
  'state', i.state, 'tags', to_jsonb(k.tags), 'group', k.group_name,
  'system', coalesce(k.system, r.call_settings->>'systemPrompt'), 'turns', k.turns,
  'expected', k.expected, 'notes', k.notes,
  'messages', (SELECT coalesce(jsonb_agg(jsonb_build_object('role', m.role, 'turn', m.turn, 'content', m.content)
      ORDER BY m.turn, m.role = 'assistant', m.id), '[]') FROM messages m WHERE m.item_id = i.id),
  'judgments', (SELECT coalesce(jsonb_agg(jsonb_build_object('criterion', g.criterion, 'judgeModel', g.judge_model,
      'score', g.score, 'passed', g.passed, 'threshold', g.threshold, 'evidence', g.evidence_json) ORDER BY g.id), '[]')
    FROM judgments g WHERE g.message_id = i.message_id AND g.current),
  'scores', i.scores,
  'checks', (SELECT coalesce(jsonb_agg(jsonb_build_object('validator', w.validator, 'passed', w.passed,
      'explanation', w.explanation) ORDER BY w.position), '[]')
    FROM validator_results w WHERE w.message_id = i.message_id),
  'failure', i.failure, 'attempts', i.attempts, 'latencyMs', i.latency_ms,
  'timeToFirstTokenMs', i.time_to_first_token_ms, 'inputTokens', i.input_tokens, 'outputTokens', i.output_tokens,
  'costMicros', i.cost_micros) AS item
  FROM batch_test_items i JOIN suite_cases k ON k.id = i.suite_case_id JOIN batch_test_runs r ON r.id = i.batch_test_run_id
  WHERE i.batch_test_run_id = $1::uuid AND i.position > $2::int ORDER BY i.position LIMIT $3`

/** Items of a run with everything that is known of them, after a position, in order. */
export async function exportItems(
  { prisma }: Database,
  runId: string,
  afterPosition: number,
  limit: number,
): Promise<ExportedItem[]> {
  const rows = await prisma.$queryRawUnsafe<{ item: ExportedItem }[]>(exportSql, runId, afterPosition, limit)
  return rows.map(({ item }) => item)
}
