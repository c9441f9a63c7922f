"""Selling: quotations, finance, trade-ins, approvals, orders and their money."""

from server.domain.deals.approvals import Approval
from server.domain.deals.orders import Order
from server.domain.deals.quotations import Quotation
from server.domain.deals.trade_ins import TradeIn

__all__ = ["Approval", "Order", "Quotation", "TradeIn"]
