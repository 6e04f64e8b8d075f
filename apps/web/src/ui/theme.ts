import { Button, createTheme, Modal, NumberInput, Tooltip } from '@mantine/core'
import buttons from './button.module.css'

/** Sizes and defaults of Mantine's components; the colours stand in tokens.css. */
export const theme = createTheme({
  cursorType: 'pointer',
  defaultRadius: 'sm',
  components: {
    Button: Button.extend({
      defaultProps: { size: 'xs', variant: 'default' },
      classNames: { root: buttons['root'] ?? '' },
    }),
    // react-remove-scroll would inject a <style> element, which a strict style-src refuses.
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, centered: true, overlayProps: { backgroundOpacity: 0.4 } },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withinPortal: true, multiline: true, maw: 320 } }),
    NumberInput: NumberInput.extend({ defaultProps: { hideControls: true } }),
  },
})
