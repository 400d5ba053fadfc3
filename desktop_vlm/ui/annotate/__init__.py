"""Drawing on pictures, cropping and turning them: one session of tools for the editor and the capture overlay."""
