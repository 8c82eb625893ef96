"""What the operator sees: logs here, traces from core/apps.py on, metrics at a port of their own."""

from ..logs import logging_config
from .place import env

LOGGING = logging_config(env.log_level)
METRICS_PORT = env.metrics_port
TRACES_EXPORTER = env.otel_traces_exporter
TRACES_ENDPOINT = env.otel_exporter_otlp_endpoint
TRACES_SERVICE = env.otel_service_name
