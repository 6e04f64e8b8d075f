-- Writes a group in one statement, where nobody else has written to the run since the driver last looked:
-- every writer raises last_event_seq under the row's lock, so an unchanged number proves it.
-- 'written', 'stale' (look again under the lock) or 'lost' (the lease is somebody else's).
CREATE FUNCTION proctor_write_group_at(the_run uuid, the_epoch int, expected_seq bigint, d jsonb) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  r record;
BEGIN
  SELECT driver_epoch, last_event_seq INTO r FROM batch_test_runs WHERE id = the_run FOR UPDATE;
  IF NOT FOUND OR r.driver_epoch <> the_epoch THEN
    RETURN 'lost';
  END IF;
  IF r.last_event_seq <> expected_seq THEN
    RETURN 'stale';
  END IF;
  PERFORM proctor_write_group(the_run, d);
  RETURN 'written';
END $$;
