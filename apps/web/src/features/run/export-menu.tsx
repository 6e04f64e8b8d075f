import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import classes from './menus.module.css'

/** Every item with its texts, scores, checks and costs, as a file. */
export function ExportMenu({ runId }: { runId: string }) {
  return (
    <Menu position="bottom-end" shadow="md" width={290}>
      <Menu.Target>
        <Button data-testid="export" leftSection={<IconDownload size={14} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ExportLink href={`/export/runs/${runId}.csv`} name="CSV" text="For spreadsheets: a row an item" />
        <ExportLink href={`/export/runs/${runId}.jsonl`} name="JSONL" text="For scripts: everything, a line an item" />
        <ExportLink
          href={`/export/runs/${runId}.observer`}
          name="Conversation"
          text="What the assistant was asked and said"
        />
      </Menu.Dropdown>
    </Menu>
  )
}

function ExportLink({ href, name, text }: { href: string; name: string; text: string }) {
  return (
    <Menu.Item component="a" href={href} download>
      <strong>{name}</strong>
      <div className={classes['quiet']}>{text}</div>
    </Menu.Item>
  )
}
